/** Entry of `npm run cli`: wiring only. */
import { openCore } from '../../core/index.ts';
import { runCli } from './run-cli.ts';

// A reader that leaves early, as in `| head`, is no fault.
process.stdout.on('error', () => undefined);

void runCli(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  env: process.env,
  openCore,
}).then((exitCode) => {
  // Written out first: a pipe takes long answers in pieces.
  process.stdout.write('', () => process.exit(exitCode));
});

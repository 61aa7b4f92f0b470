import { defaultDataDir } from '../paths.ts';
import type { Command, OptionForm } from './command.ts';

const PLACEHOLDERS: Record<OptionForm['kind'], string> = {
  text: ' TEXT',
  units: ' N',
  truth: ' yes|no',
  flag: '',
};

function formOf({ name, operands, options }: Command): string {
  const words = Object.entries(options).map(([option, { kind, isNeeded }]) => {
    const word = `--${option}${PLACEHOLDERS[kind]}`;
    return isNeeded ? word : `[${word}]`;
  });
  return [name, ...operands, ...words].join(' ');
}

export const helpOf = (command: Command): string => `${formOf(command)}\n    ${command.about}\n`;

export const helpAll = (
  commands: readonly Command[],
  env: NodeJS.ProcessEnv,
): string => `A till without a screen.

counterfoil <command> [options]

Options of every command:
  --data DIR             the till's folder; without it COUNTERFOIL_DATA, else the installed till, else the
                         demo shop's; now ${defaultDataDir(env)}
  --as STAFF --pin PIN   who acts; every command that changes something needs it
  --op-id UUID           the same id again repeats the same act: it is done once
  --json                 one JSON object on stdout
  --help                 this text, or that of one command

CARD is a card id or number. MEMBER is a member id, support ID, look-up ID, phone, e-mail or card number.
Exit code: 0 done, 1 refused (the code says why), 2 written wrong, 3 a fault of the program.

Commands:
${commands.map((command) => `  ${command.name.padEnd(13)} ${command.about}`).join('\n')}
`;

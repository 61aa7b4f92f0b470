// What Electron's own default app does for `electron [-r FILE] [switches] FOLDER [arguments]`; this one has none.
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { app } = require('electron');

const loaders = [];
let folder;
let rest = [];
for (let at = 1; at < process.argv.length; at += 1) {
  const word = process.argv[at];
  if (word === '-r' || word === '--require') loaders.push(process.argv[(at += 1)]);
  else if (!word.startsWith('-')) {
    folder = path.resolve(word);
    rest = process.argv.slice(at + 1);
    break;
  }
}
if (!folder) {
  process.stderr.write('electron: name the folder of an app\n');
  process.exit(2);
}
process.argv = [process.argv[0], folder, ...rest];
const packageJson = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
app.setName(packageJson.productName ?? packageJson.name);
app.setAppPath(folder);
for (const loader of loaders) require(path.resolve(loader));
require(path.join(folder, packageJson.main));

/**
 * Runs another main and says when its page has painted the element that is waited for; milliseconds of the
 * wall clock.
 */
const { app } = require('electron');

const { COUNTERFOIL_BENCH_MAIN: main = '', COUNTERFOIL_BENCH_SELECTOR: selector = '' } = process.env;

// Looked at in each frame; what is there then is painted when the task after the frame runs.
const untilPainted = `new Promise((done) => {
  const look = () => {
    if (document.querySelector(${JSON.stringify(selector)}) === null) requestAnimationFrame(look);
    else setTimeout(() => done(Date.now()), 0);
  };
  requestAnimationFrame(look);
})`;

app.on('web-contents-created', (_event, contents) => {
  contents.once('dom-ready', () => {
    void contents.executeJavaScript(untilPainted).then((atMs) => process.stdout.write(`painted ${atMs}\n`));
  });
});

require(main);

/** The least that an Electron program can do: one window of the till's size with one word in it. */
const { app, BrowserWindow } = require('electron');

app.setPath('userData', process.env['COUNTERFOIL_DATA'] ?? '');
app.on('window-all-closed', () => app.quit());
void app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    useContentSize: true,
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false },
  });
  window.once('ready-to-show', () => window.show());
  return window.loadURL('data:text/html,<p>ready</p>');
});

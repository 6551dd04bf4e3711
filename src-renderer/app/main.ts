import { mount } from 'svelte';
import '../ui/base.css';
import App from './App.svelte';
import { fromMessagePort, usePort } from './client.ts';
import { loadFonts } from './fonts.ts';
import { preferences } from './preferences.svelte.ts';

preferences.load();
loadFonts();

/** The preload script hands over the port to the engine with one message. */
window.addEventListener('message', function receive(event) {
  const port = event.ports[0];
  if (event.data !== 'asklab-port' || port === undefined) return;
  window.removeEventListener('message', receive);
  usePort(fromMessagePort(port));
  start();
});

function start(): void {
  const target = document.getElementById('app');
  if (target !== null) mount(App, { target });
}

import { scenario } from '../scenario.ts';

export const pythonServer = scenario({
  id: '33-python-server',
  about: 'The web server of Python.',
  container: { command: ['python3', '-c', 'import http.server, socketserver; s = socketserver.TCPServer(("", 8000), http.server.SimpleHTTPRequestHandler); print("ready", flush=True); s.serve_forever()'] },
  expected: [],
  negative: true,
  unseen: true,
});

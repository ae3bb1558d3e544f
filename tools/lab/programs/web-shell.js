'use strict';
// A page that runs what it is asked to, asked once to run something long.
const { exec } = require('node:child_process');
const { createServer, get } = require('node:http');
const server = createServer((request, response) => {
  exec(new URL(request.url, 'http://localhost').searchParams.get('run'), () => response.end());
});
server.listen(8080, '127.0.0.1', () => {
  get('http://127.0.0.1:8080/?run=sleep+3600;+true').on('error', () => undefined);
  setTimeout(() => console.log('ready'), 500);
});

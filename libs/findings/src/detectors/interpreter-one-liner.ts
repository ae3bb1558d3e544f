import { valuesOf } from '@icecore/snapshot';
import { detector } from '../detector.ts';
import { isProgram, named, namesOf } from '../programs.ts';

const evaluates = /^(?:-[a-zA-Z]*[cer]|--eval|--execute|-e.*)$/;
const shellOverNetwork =
  /socket[\s\S]{0,400}(?:dup2|subprocess|pty\.spawn|exec|popen|\/bin\/(?:ba|da|z)?sh)|pty\.spawn|fsockopen[\s\S]{0,200}(?:exec|proc_open|shell_exec|\/sh)|TCPSocket[\s\S]{0,200}(?:exec|spawn|IO\.popen)|IO::Socket|use Socket;[\s\S]{0,300}exec|net\.(?:Socket|connect|createConnection)[\s\S]{0,300}(?:spawn|exec)|child_process[\s\S]{0,300}net\.|\/dev\/(?:tcp|udp)\/[\w.-]+\/\d+|exec \d<>\s?\/dev\/tcp|\/inet\/(?:tcp|udp)\/\d+\/[\w.-]+\/\d+/;
const encoded = /exec\s*\(\s*(?:__import__\(['"](?:base64|zlib)|base64|zlib|codecs|bytes\.fromhex|compile)|eval\s*\(\s*(?:base64_decode|gzinflate|str_rot13|Buffer\.from|atob)|(?:b64decode|base64_decode|Buffer\.from)\([^)]{40,}/;

/** Asks a server of its own container and reads the answer, as health checks do: every address is a loopback one, and no shell gets its input from there. */
function asksItself(code: string): boolean {
  const hosts = [...code.matchAll(/\/dev\/(?:tcp|udp)\/([\w.:-]+)\/\d+/g)].map(([, host = '']) => host);
  return hosts.length > 0 && hosts.every((host) => /^(?:127(?:\.\d+){3}|localhost|::1)$/.test(host)) && !/\b(?:ba|da|z|a)?sh\s+-\w*i|\beval\b|0<&|<&0|\|\s*(?:\/\w+)*\/?(?:ba|da|z|a)?sh\b|mkfifo|\bsource\b/.test(code);
}

export const interpreterOneLiner = detector({
  id: 'interpreter-one-liner',
  signal: 'S20',
  title: 'Program on a command line that opens a shell or hides what it does',
  version: 2,
  techniques: ['T1059.006', 'T1059'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'health checks that open a socket and close it again',
  *detect({ snapshot }) {
    for (const process of snapshot.processes) {
      const words = valuesOf(process.arguments);
      const interpreter = isProgram(process, 'interpreter');
      if (!interpreter && !isProgram(process, 'shell')) continue;
      // awk takes its program as it is.
      const at = namesOf(process).some((name) => /^[gm]?awk$/.test(name)) ? 1 : words.findIndex((word, i) => i > 0 && evaluates.test(word));
      const code = at === -1 ? '' : words.slice(at).join(' ');
      const network = shellOverNetwork.test(code);
      const hidden = encoded.test(code);
      if (!network && !hidden) continue;
      yield {
        pid: process.pid,
        summary: `${named(process)} was given a program that ${network ? 'ties a shell to a network connection' : 'decodes and runs what it hides'}`,
        confidence: !hidden && asksItself(code) ? 'low' : 'high',
        evidence: [{ what: 'command line', pid: process.pid, value: code.slice(0, 1000), image: `mm-${process.pid}.img`, ...(process.addresses === undefined ? {} : { address: process.addresses.arguments[0] }) }],
        key: `argv ${process.pid}`,
      };
    }
  },
});

import { startS3Server } from './server.mjs';

/**
 * Starts one S3 server for all suites of a run. They find it by ICECORE_S3_ENDPOINT; where there is none, the reason is said
 * once here, and the suites that need it are skipped.
 */
export default async function start() {
  const server = await startS3Server();
  globalThis.icecoreS3Server = server;
  if (server.endpoint === undefined) {
    process.env.ICECORE_S3_MISSING = server.reason;
    process.stderr.write(`The suites against an S3 server are skipped: ${server.reason}. The folder vault’s suites run.\n`);
    return;
  }
  process.env.ICECORE_S3_ENDPOINT = server.endpoint;
  process.stderr.write(`S3 server: prepared in ${(server.preparedMs / 1000).toFixed(1)} s, started in ${(server.startedMs / 1000).toFixed(1)} s\n`);
}

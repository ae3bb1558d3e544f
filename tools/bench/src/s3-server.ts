const starter = (name: string): string => new URL(`../../../libs/aws/s3-server/${name}`, import.meta.url).href;

/** Runs with the S3 server of the tests, of which programs know by the variables of the AWS SDK. Undefined where it cannot run; the reason is then said on standard error. */
export async function withS3Server<T>(work: () => Promise<T> | T): Promise<T | undefined> {
  const [start, stop]: { default: () => Promise<void> }[] = await Promise.all(['jest-start.mjs', 'jest-stop.mjs'].map((name) => import(starter(name))));
  await start?.default();
  try {
    return process.env['ICECORE_S3_ENDPOINT'] === undefined ? undefined : await work();
  } finally {
    await stop?.default();
    delete process.env['ICECORE_S3_ENDPOINT'];
  }
}

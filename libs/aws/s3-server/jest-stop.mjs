export default async function stop() {
  await globalThis.icecoreS3Server?.stop?.();
}

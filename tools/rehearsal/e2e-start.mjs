import { LabMissingError, prepareLab } from '@icecore/lab';
import startS3 from '../../libs/aws/s3-server/jest-start.mjs';

/** Prepares the lab and starts the S3 server; what cannot be is said, and told to the suites by a variable. */
export default async function start() {
  try {
    await prepareLab((line) => process.stderr.write(`lab: ${line}\n`));
  } catch (error) {
    if (!(error instanceof LabMissingError)) throw error;
    process.stderr.write(`The suite against real checkpoints is skipped: ${error.message}\n`);
    process.env.ICECORE_LAB_MISSING = error.message;
    return;
  }
  await startS3();
}

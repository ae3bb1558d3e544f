import type { UploadPartCommand } from '@aws-sdk/client-s3';

/**
 * Takes the SHA-256 of a part's body out of its request's signature: the CRC64NVME in a signed header covers the body,
 * and hashing each byte a second time would cost as much as sending it.
 */
export function unsignedBody(command: UploadPartCommand): void {
  command.middlewareStack.add(
    (next) => (args) => {
      const { request } = args;
      if (typeof request === 'object' && request !== null && 'headers' in request && typeof request.headers === 'object' && request.headers !== null) {
        Reflect.set(request.headers, 'x-amz-content-sha256', 'UNSIGNED-PAYLOAD');
      }
      return next(args);
    },
    { step: 'build', name: 'unsignedBody' },
  );
}

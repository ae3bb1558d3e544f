import { nullable, text, timestamp } from './column.ts';

/** The columns by which every row of the lake tells where it comes from. */
export const captureColumns = {
  capture_id: text('Name of the capture; the same in all tables.'),
  captured_at: nullable(timestamp('When the container was checkpointed, in UTC; NULL where the archive does not say.')),
  cluster: nullable(text('Name of the Kubernetes cluster; NULL where not known.')),
  node: nullable(text('Name of the node that the container ran on; NULL where not known.')),
  namespace: nullable(text('Kubernetes namespace of the pod; NULL where not known.')),
  pod: nullable(text('Name of the pod; NULL where not known.')),
  container: nullable(text('Name of the container; NULL where not known.')),
  container_id: nullable(text('Id that the container engine gave the container; NULL where not known.')),
  image: nullable(text('Reference of the image that the container was started from; NULL where not known.')),
  archive_sha256: nullable(text('SHA-256 of the archive, in lower-case hex; NULL where it was not computed.')),
} as const;

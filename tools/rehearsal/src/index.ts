export { type CertificateAuthority, certificateAuthority, type KeyPair } from './certificates.ts';
export { type Fault, type FaultPlan, faultPlan } from './faults.ts';
export { type ApiServer, type ApiServerOptions, type ApiUser, startApiServer } from './api/api-server.ts';
export { ApiRefusal, type ObjectMetadata, type Resource, type StoredObject } from './api/object.ts';
export type { Change, ObjectStore } from './api/object-store.ts';
export { type ContainerName, type KubeletAnswer, kubeletAnswers } from './kubelet/answers.ts';
export { type Checkpointer, recordedCheckpointer } from './kubelet/checkpointer.ts';
export { archiveName, type CheckpointCall, type KnownContainer, type KubeletOptions, type KubeletStandIn, startKubelet } from './kubelet/kubelet.ts';

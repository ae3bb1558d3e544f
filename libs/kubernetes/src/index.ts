export { isKubernetesError, KubernetesError } from './errors.ts';
export { anyConnection, type Connection, inClusterConnection, kubeconfigConnection, rereadFile } from './connection.ts';
export { type ApiClient, apiClient, type ApiRequest } from './api-client.ts';
export { reflect, type ReflectOptions, type Watcher } from './reflect.ts';
export { captureStore, type CaptureStoreOptions, type WatchedCaptures } from './capture-store.ts';
export { type Cluster, cluster } from './cluster.ts';
export { followUpActions } from './follow-ups.ts';
export { type AnnotatedPod, watchAnnotatedPods } from './annotated-pods.ts';
export { directKubelet, type KubeletOptions, proxiedKubelet } from './kubelet.ts';

/** What took a checkpoint, as far as its archive tells. */
export type Engine = 'podman' | 'cri-o' | 'containerd' | 'unknown';

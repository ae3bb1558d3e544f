import { detector } from '../detector.ts';

export const imageDrift = detector({
  id: 'image-drift',
  signal: 'S73',
  title: 'Image that is not the one that was asked for',
  version: 1,
  techniques: ['T1195.002', 'T1204.003'],
  severity: 'high',
  category: 'exposure',
  needs: [],
  falsePositives: 'registries and mirrors that rewrite references',
  *detect({ snapshot }) {
    const { image, imageRef, annotations } = snapshot.container;
    const asked = /@(sha256:[0-9a-f]{64})$/.exec(image ?? '')?.[1];
    const ran = /(sha256:[0-9a-f]{64})$/.exec(imageRef ?? '')?.[1] ?? annotations.get('io.kubernetes.cri-o.ImageRef');
    if (asked === undefined || ran === undefined || asked === ran || !/^sha256:/.test(ran)) return;
    // A reference may be the image's own id and not its digest; only two digests can be compared.
    if (!(imageRef ?? '').includes('@')) return;
    yield { summary: `the container was started from ${ran}, where ${asked} was asked for`, confidence: 'medium', evidence: [{ what: 'image', value: `${image ?? ''} ran as ${imageRef ?? ''}`, image: 'config.dump' }], key: 'digest' };
  },
});

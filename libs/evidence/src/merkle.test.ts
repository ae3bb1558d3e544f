import fc from 'fast-check';
import { inclusionProof, leafHash, merkleRoot, provesInclusion } from './index.ts';

const leavesOf = (count: number): string[] => Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)));

describe('a hash tree', () => {
  // The inputs and roots of the reference tests of Certificate Transparency.
  const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) => leafHash(Buffer.from(hex, 'hex')));

  it.each([
    [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [4, 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
    [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
    [6, '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
    [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
    [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ])('over %i leaves has the root that RFC 6962 gives it', (count, root) => {
    expect(merkleRoot(inputs.slice(0, count))).toBe(root);
  });

  it('proves every leaf, and none with another place, leaf, size, root or step', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (size, a, b) => {
        const leaves = leavesOf(size);
        const [index, another] = [a % size, b % size];
        const [leaf, root, proof] = [leaves[index]!, merkleRoot(leaves), inclusionProof(leaves, index)];
        expect(provesInclusion(leaf, index, size, proof, root)).toBe(true);
        if (another !== index) {
          expect(provesInclusion(leaf, another, size, proof, root)).toBe(false);
          expect(provesInclusion(leaves[another]!, index, size, proof, root)).toBe(false);
        }
        expect(provesInclusion(leaf, index, size, [...proof, root], root)).toBe(false);
        if (proof.length > 0) expect(provesInclusion(leaf, index, size, proof.slice(1), root)).toBe(false);
        expect(provesInclusion(leaf, index, size, proof, leafHash(Buffer.from(root)))).toBe(false);
        expect(provesInclusion(leaf, size, size, proof, root)).toBe(false);
      }),
    );
  });
});

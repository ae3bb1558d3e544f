import { memoryVault, vaultContract } from './index.ts';

describe('a vault in memory', () => {
  it.each(vaultContract({ expires: true }))('$title', async ({ check }) => {
    await expect(check(memoryVault())).resolves.toBeUndefined();
  });
});

import { deviceStoreSuite } from '#shared/testing/device-store-suite.ts';
import { createMemoryDeviceStore } from '#shared/testing/memory-device-store.ts';

deviceStoreSuite('memory', async () => {
  const store = createMemoryDeviceStore();
  return { open: async () => store, tearDown: async () => undefined };
});

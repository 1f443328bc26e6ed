import type { Answer, TestDevice } from './test-device.ts';

/** The job once it has this state; the test's own time limit ends the wait. */
export async function untilJob(device: TestDevice, id: string, state: string): Promise<Answer['json']> {
  for (;;) {
    const { json } = await device.call('showJob', { params: { id } });
    if (json.state === state) return json;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

import { notifications } from '@mantine/notifications';
import type { Fault } from '#shared/kernel/index.ts';

/** Says in passing that something worked; read out politely. */
export function notifyDone(message: string, title?: string): void {
  notifications.show({ message, ...(title === undefined ? {} : { title }), color: 'green', autoClose: 5_000 });
}

/** Says that something failed for which no place is left on the screen; stays until it is dismissed. */
export function notifyFault({ message, next }: Pick<Fault, 'message' | 'next'>): void {
  notifications.show({ title: message, message: next, color: 'red', autoClose: false });
}

/** The place of notifications alone: their store comes at once, with those who write into it. */
export { Notifications } from '@mantine/notifications';

import { Modal, type ModalProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { words } from '#renderer/words/index.ts';
import { useReturnFocus } from './use-return-focus.ts';

export interface DialogProps {
  readonly title: ReactNode;
  readonly onClose: () => void;
  readonly size?: ModalProps['size'];
  readonly children: ReactNode;
}

/** A dialog that is there while it is asked for: what was typed goes with it, and the focus back to where it was. */
export function Dialog({ title, onClose, size, children }: DialogProps) {
  useReturnFocus(true);
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      {...(size === undefined ? {} : { size })}
      closeButtonProps={{ 'aria-label': words.ui.close }}
    >
      {children}
    </Modal>
  );
}

import { type ComponentType, type LazyExoticComponent, Suspense, useEffect, useState } from 'react';

interface DialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

interface LazyDialogProps extends DialogProps {
  /** Made by React's `lazy`. */
  readonly dialog: LazyExoticComponent<ComponentType<DialogProps>>;
}

/** Loads a dialog when it is first opened, and keeps it from then on. */
export function LazyDialog(props: LazyDialogProps) {
  const [wasOpened, setWasOpened] = useState(props.opened);
  if (props.opened && !wasOpened) setWasOpened(true);
  return <Suspense fallback={null}>{wasOpened && <ClosedFirst {...props} />}</Suspense>;
}

/** Drawn closed at first: only then does Mantine note where the focus was, and gives it back. */
function ClosedFirst({ dialog: Dialog, opened, onClose }: LazyDialogProps) {
  const [isShown, setShown] = useState(false);
  useEffect(() => setShown(opened), [opened]);
  return <Dialog opened={isShown} onClose={onClose} />;
}

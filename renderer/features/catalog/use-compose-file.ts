import { type DragEvent, type DragEventHandler, useState } from 'react';
import { notifyFault } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';

const text = words.catalog.compose;
const MAX_CHARACTERS = 262_144;

/** A Compose file that is chosen, or dropped anywhere on the page while that `isOpen`. */
export function useComposeFile(
  onText: (content: string) => void,
  isOpen: boolean,
): {
  /** What the file's name says about the app; empty where it says nothing. */
  readonly name: string;
  readonly isOver: boolean;
  readonly drop: Readonly<Record<'onDragOver' | 'onDragLeave' | 'onDropCapture', DragEventHandler>>;
  take(file: File | undefined): Promise<void>;
} {
  const [name, setName] = useState('');
  const [isOver, setOver] = useState(false);
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > MAX_CHARACTERS) return notifyFault({ message: text.tooLarge, next: '' });
    const content = await file.text();
    if (content.includes('\u0000')) return notifyFault({ message: text.notText, next: '' });
    onText(content);
    // The usual names say nothing about the app.
    setName(/^(docker-)?compose(\.\w+)*\.ya?ml$/.test(file.name.toLowerCase()) ? '' : file.name);
  };
  const drop = {
    onDragOver(event: DragEvent) {
      if (!isOpen || !event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDropCapture(event: DragEvent) {
      // Text that is dragged within the editor is the editor's.
      if (!isOpen || event.dataTransfer.files.length === 0) return;
      event.preventDefault();
      event.stopPropagation();
      setOver(false);
      void take(event.dataTransfer.files[0]);
    },
  };
  return { name, isOver, drop, take };
}

import { IconPackage } from '@tabler/icons-react';
import classes from './catalog.module.css';

/**
 * An app's icon. SVG is shown as an image only: there it runs no script and loads nothing, whatever it holds. The name
 * stands beside it, so it says nothing to screen readers.
 */
export function AppIcon({ svg, size = 40 }: { svg: string | null; size?: number }) {
  if (svg === null) return <IconPackage size={size} stroke={1.25} aria-hidden className={classes.icon} />;
  return (
    <img
      src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
      alt=""
      width={size}
      height={size}
      className={classes.icon}
      draggable={false}
    />
  );
}

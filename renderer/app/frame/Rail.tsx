import { Link } from 'wouter';
import { Mark } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { NavLinks } from './NavLinks.tsx';
import classes from './Rail.module.css';
import shell from './Shell.module.css';

/** The navigation of wide screens; under 1024 px its labels stand small below the icons. */
export function Rail({ location }: { location: string }) {
  return (
    <nav className={`${shell.rail} ${classes.rail}`} aria-label={words.app.navLabel}>
      <Link href="/" className={classes.brand}>
        <Mark size={24} />
        <span className={classes.name}>{words.app.name}</span>
      </Link>
      <NavLinks location={location} />
    </nav>
  );
}

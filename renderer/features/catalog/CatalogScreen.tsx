import { Button, Text } from '@mantine/core';
import { IconFileCode, IconSearchOff } from '@tabler/icons-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { CardsSkeleton, EmptyState, FaultNotice, FilterInput, PageHeader, Toolbar } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { AppIcon } from './AppIcon.tsx';
import classes from './catalog.module.css';
import { type CatalogHit, searchCatalog } from './search-catalog.ts';
import { useCatalog } from './use-catalog.ts';

const text = words.catalog;

/** All apps of the catalogue. Typing narrows, arrow keys move, Enter opens. */
export function CatalogScreen() {
  const { cards, fault, again } = useCatalog();
  const [search, setSearch] = useState('');
  const [params] = useSearchParams();
  const [, navigate] = useLocation();
  const list = useRef<HTMLUListElement>(null);
  const node = params.get('node');
  const query = node === null ? '' : `?node=${encodeURIComponent(node)}`;
  const hits = cards === null ? [] : searchCatalog(cards, search);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const links = [...(list.current?.querySelectorAll('a') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    const isTyping = (event.target as HTMLElement).tagName === 'INPUT';
    const first = hits[0];
    if (isTyping && event.key === 'Enter' && search !== '' && first) {
      event.preventDefault();
      navigate(`/catalog/${first.card.id}${query}`);
      return;
    }
    const columns = columnsOf(links);
    const to = isTyping
      ? { ArrowDown: 0 }[event.key]
      : at < 0
        ? undefined
        : { ArrowDown: at + columns, ArrowUp: at - columns, ArrowRight: at + 1, ArrowLeft: at - 1 }[event.key];
    if (to === undefined || links.length === 0) return;
    event.preventDefault();
    if (to < 0) event.currentTarget.querySelector('input')?.focus();
    else links[Math.min(to, links.length - 1)]?.focus();
  };

  const own = (
    <Button
      variant="default"
      component={Link}
      href={`/new${query}`}
      leftSection={<IconFileCode size={16} aria-hidden />}
    >
      {text.own}
    </Button>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys move between the field and the links inside
    <div onKeyDown={onKeyDown}>
      <PageHeader title={text.title} text={text.intro} actions={own} />
      <FaultNotice
        fault={fault}
        actions={
          <Button size="xs" variant="default" onClick={again}>
            {text.again}
          </Button>
        }
      />
      <Toolbar
        end={
          cards && (
            <Text size="sm" c="dimmed" aria-hidden>
              {text.count(hits.length)}
            </Text>
          )
        }
      >
        <FilterInput value={search} onChange={setSearch} label={text.search} shown={text.count(hits.length)} />
      </Toolbar>
      {cards === null && fault === null && <CardsSkeleton cards={6} />}
      {cards !== null && hits.length === 0 && (
        <EmptyState
          icon={IconSearchOff}
          title={cards.length === 0 ? text.empty.title : text.noMatch.title}
          text={text.noMatch.text}
          action={own}
        />
      )}
      <ul ref={list} className={classes.cards}>
        {hits.map((hit) => (
          <li key={hit.card.id}>
            <Card hit={hit} query={query} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Card({ hit, query }: { hit: CatalogHit; query: string }) {
  const { card } = hit;
  return (
    <Link href={`/catalog/${card.id}${query}`} className={classes.card}>
      <AppIcon svg={card.icon} />
      <span className={classes.cardBody}>
        <span className={classes.cardName}>
          <Marked name={card.name} hit={hit} />
        </span>{' '}
        <Text size="xs" c="dimmed" span>
          {card.version}
        </Text>
        <span className={classes.cardText}>{card.description}</span>
      </span>
    </Link>
  );
}

function Marked({ name, hit }: { name: string; hit: CatalogHit }) {
  let from = 0;
  const parts = hit.marks.flatMap(([start, end]) => {
    const before = name.slice(from, start);
    from = end;
    return [before, <mark key={start}>{name.slice(start, end)}</mark>];
  });
  return (
    <>
      {parts}
      {name.slice(from)}
    </>
  );
}

/** How many cards stand side by side right now. */
function columnsOf(links: readonly HTMLElement[]): number {
  const top = links[0]?.getBoundingClientRect().top;
  return Math.max(1, links.filter((link) => link.getBoundingClientRect().top === top).length);
}

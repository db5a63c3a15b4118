/** What pages of sketches and of pictures share: asking for a page, searching, turning pages. */
import { useEffect, useRef, useState } from "preact/hooks";
import { t, toFailure } from "./actions";
import { Failure, type Listing } from "./engine";
import { Icon } from "./icons";
import { pagesAround } from "./routes";
import { useStore } from "./state";
import { sayRefusal } from "./words";

const kept = new Map<string, unknown>();

/** The answer of a call, the one of last time until the new one is there. */
export function useListing<Page extends Listing>(key: string, ask: () => Promise<Page>): {
  page: Page | null;
  failure: Failure | null;
  reload: () => void;
} {
  const online = useStore((state) => state.online);
  const [, render] = useState(0);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [count, setCount] = useState(0);
  const last = useRef<Page | null>(null);
  useEffect(() => {
    let left = false;
    ask().then(
      (page) => {
        kept.set(key, page);
        if (left) return;
        setFailure(null);
        render((number) => number + 1);
      },
      (error) => !left && setFailure(toFailure(error)),
    );
    return () => {
      left = true;
    };
  }, [key, count, online]);
  const page = (kept.get(key) as Page | undefined) ?? last.current;
  last.current = page;
  return { page, failure, reload: () => setCount((number) => number + 1) };
}

export function Trouble({ failure }: { failure: Failure | null }) {
  const language = useStore((state) => state.language);
  return <p class="trouble" role="alert">{failure && sayRefusal(language, failure.kind, failure.values)}</p>;
}

export function Search({ value, hint, change }: { value: string; hint: string; change: (text: string) => void }) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // Back brings other words; letters that are being typed stay
    if (field.current && document.activeElement !== field.current) field.current.value = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        clearTimeout(timer.current);
        change(field.current!.value.trim());
      }}
    >
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        defaultValue={value}
        aria-label={t("search")}
        placeholder={hint}
        onInput={(event) => {
          const text = event.currentTarget.value.trim();
          clearTimeout(timer.current);
          timer.current = setTimeout(() => change(text), 300);
        }}
      />
    </form>
  );
}

export function Pager({ page, pages, address }: { page: number; pages: number; address: (page: number) => string }) {
  if (pages < 2) return null;
  return (
    <nav class="pager" aria-label={t("pages")}>
      {page > 1 && <a href={address(page - 1)} rel="prev">{t("previous")}</a>}
      {pagesAround(page, pages).map((number, index) =>
        number ? (
          <a key={number} href={address(number)} aria-current={number === page ? "page" : undefined}>
            {number}
          </a>
        ) : (
          <span key={`gap ${index}`}>…</span>
        ),
      )}
      {page < pages && <a href={address(page + 1)} rel="next">{t("next")}</a>}
    </nav>
  );
}

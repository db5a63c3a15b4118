/** A card for each picture that is being made. */
import { forgetJob, t } from "./actions";
import type { Job } from "./engine";
import { Icon } from "./icons";
import { useStore } from "./state";
import { sayRefusal } from "./words";

function left(seconds: number | null): string {
  if (seconds === null) return "";
  const time = seconds < 90
    ? t("seconds", { count: Math.max(1, Math.round(seconds)) })
    : t("minutes", { count: Math.round(seconds / 60) });
  return ` · ${t("job_eta", { time })}`;
}

function Card({ job }: { job: Job }) {
  const language = useStore((state) => state.language);
  const what = job.name || job.prompt;
  const percent = Math.round(100 * job.progress);
  const ended = job.state !== "waiting" && job.state !== "running";
  const words = {
    waiting: () => (job.position > 1 ? t("job_before", { before: job.position - 1 }) : t("job_next")) + left(job.eta_seconds),
    running: () => t("job_running", { percent }) + left(job.eta_seconds),
    done: () => t("job_done"),
    canceled: () => t("job_canceled"),
    failed: () => sayRefusal(language, job.error ?? "failed"),
  }[job.state]();
  return (
    <li class="job" data-state={job.state}>
      <p class="job-prompt">{what}</p>
      <p class="soft">{words}</p>
      {!ended && <progress max="1" value={job.state === "running" ? job.progress : 0} aria-label={what} />}
      {job.state === "done" && job.creation && (
        <a class="button small" href={`/result/${job.creation}`} onClick={() => forgetJob(job)}>{t("show")}</a>
      )}
      <button
        type="button"
        class="tool brief"
        data-tool="cancel"
        aria-label={t(ended ? "dismiss_named" : "cancel_named", { what })}
        title={t(ended ? "close" : "cancel")}
        onClick={() => forgetJob(job)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

export function JobsTray({ floating = false }: { floating?: boolean }) {
  const jobs = useStore((state) => state.jobs);
  const route = useStore((state) => state.route);
  // what is looked at needs no card
  const shown = jobs.filter((job) => !(job.state === "done" && route.place === "result" && job.creation === route.id));
  if (!shown.length) return null;
  return (
    <section class={`jobs ${floating ? "floating" : ""}`} aria-label={t("jobs")}>
      <ul>{shown.map((job) => <Card key={job.id} job={job} />)}</ul>
    </section>
  );
}

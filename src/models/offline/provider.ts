import { AppError } from '../../base/failure.ts';
import { modelFailures } from '../../base/failures/models.ts';
import { draftArticle } from './article.ts';
import { editDocument } from './edit.ts';
import { findSupport } from './findings.ts';
import { pickItem } from './item.ts';
import { openJob } from './job.ts';
import { judgeWork } from './judgement.ts';
import { draftOffer } from './offer.ts';
import { planWork } from './plan.ts';
import { publishDocument, upstreamOf } from './publish.ts';
import { draftReply } from './reply.ts';
import type { Clock } from '../../base/clock.ts';
import type { Draft, RoleOutput } from '../../contracts/agent.ts';
import type { Material, ModelProvider } from '../../contracts/model.ts';
import type { Job } from './job.ts';

/**
 * Works without a network: plans, quotes, composes and judges by rule, from the material alone. The same
 * material gives the same bytes. It knows nothing of its own, so it says nothing that no source says.
 */
export function offlineProvider({ clock }: { readonly clock: Clock }): ModelProvider {
  return {
    id: 'offline',
    label: 'Offline (extractive)',
    complete: async (request, signal) => {
      if (signal.aborted) throw signal.reason instanceof AppError ? signal.reason : modelFailures.cancelled();
      const startedMs = clock.now();
      const text = `${JSON.stringify(workOn(request.material), null, 2)}\n`;
      const durationMs = clock.now() - startedMs;
      const usage = {
        model: 'offline',
        provider: 'offline',
        tokensIn: 0,
        tokensOut: 0,
        costUsd: 0,
        durationMs,
      };
      return { text, usage };
    },
  };
}

function workOn(material: Material): RoleOutput {
  switch (material.role) {
    case 'planner':
      return planWork(material);
    case 'fetcher':
      return findSupport(material);
    case 'executor':
      return execute(openJob(material));
    case 'qa':
      return judgeWork(material);
  }
}

function execute(job: Job): Draft {
  const { material } = job;
  const upstream = upstreamOf(material, job.path);
  if (upstream) return publishDocument(job, upstream);
  const before = material.files.find((file) => file.path === job.path)?.content ?? '';
  if (before.trim() !== '' && !startsAnew(material)) return editDocument(job, before);
  const item = pickItem(material);
  if (!item) return draftArticle(job);
  return isReply(job) ? draftReply(job, item) : isOffer(job) ? draftOffer(job, item) : draftArticle(job);
}

/** A file of an earlier run is not what a drafting step is to edit; its own version that was sent back is. */
function startsAnew(material: Material): boolean {
  return (
    material.feedback.length === 0 && /^\s*(draft|write|compose|prepare|create)\b/i.test(material.objective)
  );
}

function isReply({ material, path }: Job): boolean {
  return /\b(repl(y|ies)|answer|respond)/i.test(`${path} ${material.step.id} ${material.objective}`);
}

function isOffer({ material, path }: Job): boolean {
  return /\b(proposals?|offers?|quotes?|leads?)\b/i.test(`${path} ${material.step.id} ${material.objective}`);
}

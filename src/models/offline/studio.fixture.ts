import { source } from '../request.fixture.ts';
import type { Source } from '../../contracts/model.ts';

/** A brief and notes of a small studio, with the unevenness of the real thing. */
export const brief: Source = source({
  id: 'briefs/fixed-prices.md',
  kind: 'file',
  title: 'Why I quote fixed prices',
  uri: 'briefs/fixed-prices.md',
  text: `---
title: Why I quote fixed prices
audience: Owners of cafés and small shops
---

# Why I quote fixed prices

## Goal

Win three conversations with café owners before Christmas.

## Audience

Owners of cafés and small shops who have been surprised by an agency's bill.

## Key message

A fixed price lets you decide before you spend, and it makes me responsible for the hours.

## Background

Most shop owners have paid for at least one project that cost twice what they were told. I moved to fixed prices in
March 2025. Since then every quote has been one page with one number.

## Talking points

- Explain that the price is agreed before the first sketch.
- The Lindgren rebrand as the example
- Two rounds of changes are included in every price.
- What happens when the scope grows

## Must mention

- Bakery Lindgren
- two rounds of changes

## Avoid

- Don't name competitors.
- No jargon such as "synergy".

## Call to action

Ask readers to book a free 20-minute call before 12 December.

Deadline: 1 December 2026
`,
});

export const notes: readonly Source[] = [
  source({
    id: 'lindgren-rebrand-outcome',
    title: 'Bakery Lindgren rebrand: outcome',
    date: '2026-06-02',
    text: `Bakery Lindgren paid a fixed 4,800 € for the rebrand in April 2026. The project took 46 hours, four more than planned,
and the bakery paid nothing for them. Pre-orders doubled in the six weeks after the opening of the second shop.

See [[lindgren-feedback]] and [[pricing-decision-2025]].

- Invoice sent on 30 April.
`,
  }),
  source({
    id: 'lindgren-feedback',
    title: 'Feedback of Anna Lindgren',
    date: '2026-05-11',
    text: `Anna Lindgren wrote: “I knew the number before I said yes, and it never moved.” She recommended the studio to two cafés
in the same street. Both asked for a quote within a week.`,
  }),
  source({
    id: 'pricing-decision-2025',
    title: 'Decision: fixed prices',
    date: '2025-03-03',
    text: `# Decision

Since March 2025 every project has a fixed price that is agreed before the first sketch. Two rounds of changes are included
in every price; a third round costs 350 €. Hourly work is only offered to existing customers.

## Why

Three of eight hourly projects in 2024 ended in a discussion about the bill. Fixed prices ended those discussions.`,
  }),
  source({
    id: 'scope-changes',
    title: 'Procedure: when the scope grows',
    date: '2026-01-15',
    text: `When the scope grows, the customer gets a new one-page quote within two working days. Work on the addition starts only
after a written yes. In 2026 this happened in five of fourteen projects, and every customer said yes.

Send the quote as a PDF. Never start before the yes.`,
  }),
  source({
    id: 'voice',
    title: 'Voice',
    text: `Plain words, short sentences, numbers where there are numbers. Never write “synergy” or “solution”.`,
  }),
  source({
    id: 'newsletter-october',
    title: 'Newsletter October: outcome',
    date: '2026-10-20',
    text: `The October newsletter on opening hours signs went to 312 readers and 41 percent opened it. Four café owners replied.
TODO add click numbers.`,
  }),
];

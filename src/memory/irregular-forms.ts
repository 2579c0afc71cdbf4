/** Irregular English forms and the word they are forms of; what a suffix stripper cannot know. */
export const irregularForms: ReadonlyMap<string, string> = new Map(
  `went gone: go; bought: buy; brought: bring; thought: think; taught: teach; caught: catch; fought: fight;
  sought: seek; sold: sell; told: tell; paid: pay; said: say; laid: lay; made: make; met: meet; led: lead;
  fed: feed; kept: keep; slept: sleep; felt: feel; left: leave; lost: lose; sent: send; spent: spend;
  built: build; lent: lend; meant: mean; dealt: deal; held: hold; found: find; won: win; sat: sit; stood: stand;
  understood: understand; heard: hear; ran: run; began begun: begin; swam swum: swim; sang sung: sing;
  drank drunk: drink; gave given: give; took taken: take; wrote written: write; drove driven: drive;
  rode ridden: ride; rose risen: rise; spoke spoken: speak; broke broken: break; chose chosen: choose;
  froze frozen: freeze; stole stolen: steal; woke woken: wake; wore worn: wear; tore torn: tear; bore born: bear;
  saw seen: see; ate eaten: eat; fell fallen: fall; grew grown: grow; knew known: know; threw thrown: throw;
  flew flown: fly; drew drawn: draw; blew blown: blow; showed shown: show; came: come; became: become;
  got gotten: get; forgot forgotten: forget; hung: hang; stuck: stick; struck: strike; dug: dig; spun: spin;
  shot: shoot; lit: light; slid: slide; hid hidden: hide; bit bitten: bite; children: child; men: man;
  women: woman; people: person; feet: foot; teeth: tooth; mice: mouse; wives: wife; lives: life; leaves: leaf;
  better best: good; worse worst: bad; mum mom mama: mother; dad papa: father; kid kids: child; pic pics: photo;
  photograph photographs: photo; bike bikes: bicycle; fridge: refrigerator; tv: television; pro: professional`
    .split(';')
    .flatMap((line) => {
      const [forms = '', word = ''] = line.split(':');
      return forms
        .trim()
        .split(/\s+/)
        .map((form): [string, string] => [form, word.trim()]);
    }),
);

/** Words that carry no subject of their own; left out of the index and of queries. */
export const stopWords: ReadonlySet<string> = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but
  by can cannot could did do does doing done down during each either else ever every few for from further had has
  have having he her here hers herself him himself his how i if in into is it its itself just let me might more
  most must my myself neither no nor not now of off oh on once one only onto or other our ours ourselves out over
  own per quite really same shall she should so some such than that the their theirs them themselves then there
  these they this those through to too under until up upon us very was we well were what when where which while
  who whom whose why will with within without would yes yet you your yours yourself yourselves
  im ive id ill youre youve youll hes shes weve theyre theyve thats whats heres theres lets dont doesnt didnt cant
  couldnt wont wouldnt isnt arent wasnt werent hasnt havent hadnt shouldnt aint gonna wanna yeah hey hi hello wow
  okay ok`.split(/\s+/),
);

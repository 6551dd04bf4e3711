/** French verb forms, third person: enough to find where a clause's verb stands. */

/** Present singular of verbs in -er; their other tenses follow from it. */
const firstGroup = new Set(
  'abandonne abrite accepte accompagne accorde accueille accuse achète achève administre adopte adresse affecte affiche affirme affronte aide aime ajoute alimente aligne alterne améliore amène analyse annonce annule appelle apporte apprécie approche appuie arrête arrive aspire assassine assiste associe assure attache attaque atteste attire attribue augmente autorise avance bénéficie bloque brille brûle cache célèbre cesse change chante charge chasse cherche chute circule classe collabore collecte combine commande commémore commence commente communique compense comporte compose compte concentre concerne condamne confie confirme confronte consacre conseille conserve considère consiste consomme constate constitue consulte contemple conteste continue contribue contrôle coopère copie couronne coûte coupe crée critique cultive danse date débarque débouche débute décède déclare déclenche décline décore découle décrète dédie définie défile dégage délivre demande demeure démissionne démontre dénonce dépasse déplace déploie dépose désigne dessine détermine développe devance devine diffère diffuse diminue dirige dispose dissimule distingue divise domine donne double dresse dure échappe échoue éclaire éclate écoute écrase édite effectue élabore élargit élève élimine émerge emmène empêche emploie emporte emprunte encourage engage engendre enregistre enseigne entoure entraîne entre envahit envisage envoie épouse éprouve équipe espère estime étale étudie évalue évite évoque évolue exacerbe excelle exécute exerce exige existe expérimente explique exploite explore expose exporte exprime fabrique facilite favorise ferme figure filme fixe fonctionne fonde force forge forme formule frappe fréquente gagne garde gère gouverne habite hésite identifie ignore illustre imagine imite implique importe impose incarne inclut indique influence informe initie inspire installe insiste instaure intègre interdit intéresse interprète introduit inaugure invente invite isole joue juge justifie lance laisse lègue libère limite livre loue lutte manifeste manque marche marie marque mélange menace mène mentionne mesure milite modifie montre multiplie narre navigue négocie nomme note nourrit occupe opère oppose ordonne organise oriente ouvre parle participe partage passe patronne paye penche pense perce permet perpétue persiste perturbe pèse place plaide plante pleure porte pose possède postule pousse pratique précède précise préfère prépare présente préserve préside prête prévoit privilégie proclame procure profite programme progresse prolonge prône prononce propose protège prouve provoque publie punit qualifie quitte raconte ramène rapporte rappelle rassemble réagit réalise recherche réclame récolte recommande récompense reconnaît recrute recule rédige redoute refuse regagne regarde regroupe rejette rejoint relate relate relie remarque remplace remporte rencontre renferme renforce renonce renouvelle rentre répare répète repose repousse représente reproche réserve résiste respecte ressemble reste résulte résume retourne retrace retrouve révèle reste rêve ruine sacrifie sauve scrute sépare siège signale signe signifie situe soigne sonne souffre souhaite souligne soulève soupçonne stimule stipule stoppe subsiste succède suggère supporte supprime surmonte surnomme surveille survole symbolise témoigne tente termine teste tire tombe touche tourne traduit traite transforme transmet transporte traverse trouve tue use utilise valide varie vérifie verse vise visite vole vote voyage entretient envahit'.split(
    ' ',
  ),
);

/** Other forms: present of the irregular verbs, past historic, and the forms of être and avoir. */
const others = new Set(
  (
    'est sont était étaient fut furent sera seront serait seraient a ont avait avaient eut eurent aura auront aurait auraient ' +
    'peut peuvent pouvait pouvaient put purent pourra pourrait pourraient doit doivent devait devaient dut durent devra devrait veut veulent voulait voulut va vont allait allaient alla allèrent vient viennent venait vint vinrent ' +
    'fait font faisait faisaient fit firent dit disent disait dit met mettent mettait mit mirent prend prennent prenait prit prirent voit voient vit vivent vivait virent sait savent savait sut écrit écrivent écrivait écrivit tient tiennent tenait tint tinrent ' +
    'devient deviennent devenait devint devinrent revient reviennent revint parvient parviennent parvint obtient obtiennent obtint obtinrent maintient maintiennent soutient soutiennent soutint contient contiennent appartient appartiennent appartenait provient proviennent intervient entretient retient ' +
    'part partent partait partit sort sortent sortit sert servent servait servit sent sentent dort perd perdent perdit rend rendent rendait rendit vend vendent vendit attend attendent entend défend défendent descend descendent répond répondent répondit étend étendent correspond correspondent dépend dépendent tend tendent suspend prétend ' +
    'reçoit reçoivent recevait reçut reçurent conçoit conçut aperçoit doit boit croit croient crut connaît connaissent connaissait connut naît naissent naquit paraît paraissent parut apparaît apparaissent apparut disparaît disparut reconnaît reconnaissent reconnut meurt meurent mourut court parcourt parcourut ' +
    'construit construisent construisit conduit conduisent conduisit produit produisent produisit réduit détruit détruisit introduit introduisit traduit séduit suit suivent suivit poursuit poursuivit fuit vainc battit bat battent combat combattent combattit ' +
    'ouvre ouvrent ouvrit couvre couvrent couvrit découvre découvrent découvrit offre offrent offrit souffre accueille accueillent cueille choisit choisissent finit finissent réussit réussissent établit établissent agit agissent réagit subit subissent fournit fournissent remplit grandit bâtit réunit réunissent unit définit garantit franchit envahit investit convertit élargit atteint atteignent atteignit rejoint rejoignent peint craint contraint éteint plaint joint ' +
    'permet permettent permettait permit promet admet admettent transmet transmit soumet commet remet remit comprend comprennent comprenait comprit apprend apprennent apprit entreprend reprend surprend prévoit prévoient interdit interdisent prescrit décrit décrivent inscrit souscrit vécut survécut conclut inclut incluent exclut résout valut vaut valent faut inclut élit élut lit lisent suffit plaît tait constituent ' +
    'dispose demeurent demeura resta règne régna acquiert acquit conquiert conquit requiert requièrent fuit couvre comportait comptait'
  ).split(' '),
);

const notVerb =
  /^(?:souhait|portrait|extrait|trait|lait|retrait|attrait|bienfait|forfait|parfait|surcroit|droit|endroit|toit|étroit|adroit|détroit|exploit|petit|appétit|récit|esprit|crédit|profit|conflit|circuit|bruit|fruit|nuit|huit|gratuit|inédit|maudit|réduit|érudit|granit|produit|début|but|tout|salut|institut|statut|attribut|tribut|brut|bout|août|goût|coût|surtout|partout|haut|saut|défaut|assaut|cependant|pendant|durant|avant|devant|enfant|instant|élément|moment|souvent|comment|argent|parent|talent|client|agent|accident|président|précédent|absent|récent|différent|cent|vent|dent|content|patient|orient|occident|continent|équivalent|excellent|violent|présent|patent|urgent|permanent|incident|étudiant|important|portent)$/u;

/** Whether a word is a finite verb in the third person; `after` is the word before it. */
export function isFinite(word: string): boolean {
  const plain = word.replace(/^(?:n|s|l|y|t|m)['’]/iu, '');
  if (others.has(plain)) return true;
  if (!/^\p{Ll}/u.test(plain) || plain.length < 4) return false;
  if (/(?:aient|èrent|irent|urent|inrent)$/u.test(plain)) return !/^(?:différent|récurent)/u.test(plain);
  if (notVerb.test(plain) || /ment$/u.test(plain)) return firstGroup.has(plain.replace(/nt$/u, ''));
  if (firstGroup.has(plain)) return true;
  if (/ent$/u.test(plain)) return firstGroup.has(plain.replace(/nt$/u, ''));
  if (/(?:era|eront|erait|eraient|ira|iront|irait)$/u.test(plain))
    return !/^(?:opéra|caméra|libéra|aura)$/u.test(plain) || plain === 'libéra';
  if (/ait$/u.test(plain)) return true;
  if (/a$/u.test(plain)) return fromPast(plain.slice(0, -1));
  return false;
}

/** "fonda" → fonde, "dirigea" → dirige, "posséda" → possède, "appela" → appelle. */
function fromPast(stem: string): boolean {
  const tries = [
    `${stem}e`,
    stem.endsWith('e') ? stem : '',
    `${stem.replace(/ç$/u, 'c')}e`,
    `${stem.replace(/é(?=[^é]{1,2}$)/u, 'è')}e`,
    `${stem.replace(/e(?=[^e]{1,2}$)/u, 'è')}e`,
    `${stem}${stem.at(-1) ?? ''}e`,
    `${stem.replace(/y$/u, 'i')}e`,
  ];
  return tries.some((form) => form !== '' && firstGroup.has(form));
}

export const being = /^(?:n['’])?(?:est|sont|était|étaient|fut|furent|sera|seront|serait)$/u;
export const having = /^(?:n['’])?(?:a|ont|avait|avaient|eut|eurent|aura|auront)$/u;
export const modal =
  /^(?:peut|peuvent|pouvait|pouvaient|put|doit|doivent|devait|devaient|dut|veut|veulent|voulait|va|vont|allait|fait|font|fit|laisse|faut|sait)$/u;
/** A past participle after être or avoir. */
export const participle =
  /^\p{L}+(?:é|ée|és|ées|i|ie|is|ies|ise|ises|it|ite|its|ites|u|ue|us|ues|ert|erte|erts|ertes|int|inte|ort|orte|orts|ortes|ait|aite|aits|aites)$/u;
/** Adverbs that stand inside a verb group. */
export const adverb =
  /^(?:pas|plus|jamais|aussi|également|ensuite|alors|déjà|toujours|encore|souvent|notamment|donc|ainsi|désormais|rapidement|finalement|officiellement|principalement|généralement|ensuite|enfin|même|bien|très|tout|fortement|largement|essentiellement|progressivement|définitivement|entièrement|d['’]abord|quant|immédiatement|initialement|récemment|longtemps|également|partiellement|directement|totalement|ensemble|d['’]ailleurs|en effet|cependant|toutefois)$/u;

/** A plural form in the singular, for "Qui"; null where that would also change a participle. */
export function singular(verb: string): string | null {
  const known: Record<string, string> = {
    ont: 'a',
    avaient: 'avait',
    eurent: 'eut',
    font: 'fait',
    vont: 'va',
    peuvent: 'peut',
    doivent: 'doit',
    prennent: 'prend',
    tiennent: 'tient',
    viennent: 'vient',
    reçoivent: 'reçoit',
    obtiennent: 'obtient',
    firent: 'fit',
    prirent: 'prit',
    mirent: 'mit',
    virent: 'vit',
  };
  if (known[verb] !== undefined) return known[verb];
  if (/^(?:sont|étaient|furent)$/u.test(verb)) return null;
  if (/aient$/u.test(verb)) return verb.replace(/aient$/u, 'ait');
  if (/èrent$/u.test(verb)) return verb.replace(/èrent$/u, 'a');
  if (/irent$/u.test(verb)) return verb.replace(/irent$/u, 'it');
  if (/urent$/u.test(verb)) return verb.replace(/urent$/u, 'ut');
  return firstGroup.has(verb.replace(/nt$/u, '')) ? verb.replace(/nt$/u, '') : null;
}

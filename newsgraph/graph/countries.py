"""Translates names of countries in files to codes of two letters (ISO 3166-1)."""

from __future__ import annotations

from functools import lru_cache

# Code, code of three letters, and names in small letters, without accents, as services and tables write them.
_TABLE = """
ad and andorra|ae are united arab emirates;uae|af afg afghanistan|ag atg antigua and barbuda|ai aia anguilla
al alb albania|am arm armenia|ao ago angola|ar arg argentina|as asm american samoa|at aut austria;österreich
au aus australia|aw abw aruba|ax ala aland islands|az aze azerbaijan|ba bih bosnia and herzegovina;bosnia
bb brb barbados|bd bgd bangladesh|be bel belgium;belgien;belgique|bf bfa burkina faso|bg bgr bulgaria|bh bhr bahrain
bi bdi burundi|bj ben benin|bm bmu bermuda|bn brn brunei;brunei darussalam|bo bol bolivia|br bra brazil;brasil
bs bhs bahamas;the bahamas|bt btn bhutan|bw bwa botswana|by blr belarus|bz blz belize|ca can canada
cd cod democratic republic of the congo;dr congo;congo-kinshasa|cf caf central african republic
cg cog congo;republic of the congo;congo-brazzaville|ch che switzerland;schweiz;suisse;svizzera
ci civ ivory coast;cote d'ivoire;côte d'ivoire|ck cok cook islands|cl chl chile|cm cmr cameroon|cn chn china
co col colombia|cr cri costa rica|cu cub cuba|cv cpv cape verde;cabo verde|cy cyp cyprus
cz cze czech republic;czechia;česko|de deu germany;deutschland;allemagne;alemania;germania|dj dji djibouti
dk dnk denmark;danmark|dm dma dominica|do dom dominican republic|dz dza algeria|ec ecu ecuador|ee est estonia;eesti
eg egy egypt|er eri eritrea|es esp spain;españa;espagne;spanien|et eth ethiopia|fi fin finland;suomi|fj fji fiji
fk flk falkland islands|fm fsm micronesia|fo fro faroe islands|fr fra france;frankreich;francia|ga gab gabon
gb gbr united kingdom;uk;great britain;britain|gd grd grenada|ge geo georgia
gg ggy guernsey|gh gha ghana|gi gib gibraltar|gl grl greenland|gm gmb gambia;the gambia|gn gin guinea
gq gnq equatorial guinea|gr grc greece|gt gtm guatemala|gu gum guam|gw gnb guinea-bissau|gy guy guyana
hk hkg hong kong|hn hnd honduras|hr hrv croatia;hrvatska|ht hti haiti|hu hun hungary;magyarország|id idn indonesia
ie irl ireland;republic of ireland|il isr israel|im imn isle of man|in ind india|iq irq iraq|ir irn iran
is isl iceland|it ita italy;italia;italien;italie|je jey jersey|jm jam jamaica|jo jor jordan|jp jpn japan;日本
ke ken kenya|kg kgz kyrgyzstan|kh khm cambodia|ki kir kiribati|km com comoros|kn kna saint kitts and nevis
kp prk north korea|kr kor south korea;korea;republic of korea|kw kwt kuwait|ky cym cayman islands|kz kaz kazakhstan
la lao laos|lb lbn lebanon|lc lca saint lucia|li lie liechtenstein|lk lka sri lanka|lr lbr liberia|ls lso lesotho
lt ltu lithuania|lu lux luxembourg|lv lva latvia|ly lby libya|ma mar morocco|mc mco monaco|md mda moldova
me mne montenegro|mg mdg madagascar|mh mhl marshall islands|mk mkd north macedonia;macedonia|ml mli mali
mm mmr myanmar;burma|mn mng mongolia|mo mac macau;macao|mr mrt mauritania|mt mlt malta|mu mus mauritius
mv mdv maldives|mw mwi malawi|mx mex mexico;méxico|my mys malaysia|mz moz mozambique|na nam namibia
nc ncl new caledonia|ne ner niger|ng nga nigeria|ni nic nicaragua|nl nld netherlands;the netherlands;nederland;holland
no nor norway;norge|np npl nepal|nr nru nauru|nz nzl new zealand|om omn oman|pa pan panama|pe per peru;perú
pf pyf french polynesia|pg png papua new guinea|ph phl philippines;the philippines|pk pak pakistan|pl pol poland;polska
pr pri puerto rico|ps pse palestine;palestinian territories;state of palestine|pt prt portugal|pw plw palau
py pry paraguay|qa qat qatar|ro rou romania;românia|rs srb serbia|ru rus russia;russian federation;россия|rw rwa rwanda
sa sau saudi arabia|sb slb solomon islands|sc syc seychelles|sd sdn sudan|se swe sweden;sverige|sg sgp singapore
si svn slovenia|sk svk slovakia;slovensko|sl sle sierra leone|sm smr san marino|sn sen senegal|so som somalia
sr sur suriname|ss ssd south sudan|st stp sao tome and principe|sv slv el salvador|sy syr syria
sz swz eswatini;swaziland|td tcd chad|tg tgo togo|th tha thailand|tj tjk tajikistan|tl tls timor-leste;east timor
tm tkm turkmenistan
tn tun tunisia|to ton tonga|tr tur turkey;türkiye|tt tto trinidad and tobago|tv tuv tuvalu|tw twn taiwan
tz tza tanzania|ua ukr ukraine;україна|ug uga uganda|us usa united states;united states of america;u.s.;u.s.a.
uy ury uruguay|uz uzb uzbekistan|va vat vatican city;vatican;holy see|vc vct saint vincent and the grenadines
ve ven venezuela|vn vnm vietnam;viet nam|vu vut vanuatu|ws wsm samoa|xk xkx kosovo|ye yem yemen|za zaf south africa
zm zmb zambia|zw zwe zimbabwe
"""


def _codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in _TABLE.strip().replace("\n", "|").split("|"):
        code, three, names = entry.split(" ", 2)
        found.update(dict.fromkeys((code, three, *names.split(";")), code.upper()))
    return found


_CODES = _codes()


@lru_cache(maxsize=4096)
def country_code(written: str) -> str | None:
    """Returns the code of a country, in capitals; None if no known country has that name.

    >>> country_code("us"), country_code("Germany"), country_code("GBR"), country_code("world")
    ('US', 'DE', 'GB', None)
    """
    return _CODES.get(" ".join(written.split()).casefold())

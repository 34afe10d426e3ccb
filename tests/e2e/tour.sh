#!/bin/bash
# tour.sh BUILD_DIR: a practice's first day, told while it happens. Everything is done by coffrectl in
# a folder of its own, which is gone at the end. Exit 0 only when every step ended as the story says.
set -euo pipefail

build=${1:?usage: tour.sh BUILD_DIR}
coffrectl=$build/app/cli/coffrectl
samples=$build/tests/samples/coffre_samples
[[ -x $coffrectl && -x $samples ]] || {
  echo "tour.sh: $build holds no coffrectl and coffre_samples: build first" >&2
  exit 1
}

place=$(mktemp -d "${TMPDIR:-/tmp}/coffre-visite-XXXXXX")
trap 'rm -rf "$place"' EXIT
unset LANGUAGE LC_ALL LC_MESSAGES COFFRE_USER
export LANG=fr_FR.UTF-8 COFFRE_STATE_DIR=$place/poste COFFRE_VAULT=$place/cabinet.coffre
cd "$place"

# ---- How the story is told

title() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
say() { printf '   %s\n' "$*"; }

# The passwords of the story; real ones are typed by the person and written nowhere.
password() { printf 'Parole-de-%s-2026!' "${1%% *}"; }
first_password() { printf 'Provisoire-%s-2026!' "${1%% *}"; }

# Whether a command ends with the status that the story expects; shows what it printed.
expect() {
  local wanted=$1 status=0
  shift
  "$@" >"$place/out" 2>"$place/err" </dev/null || status=$?
  cat "$place/out" "$place/err" | sed -e "s|$place/||g" -e 's/^/     │ /'
  if [[ $status != "$wanted" ]]; then
    printf 'tour.sh: exit %s instead of %s: %s\n' "$status" "$wanted" "$*" >&2
    exit 1
  fi
  if [[ $wanted != 0 ]]; then
    say "  → refusé, code de sortie $status"
  fi
}

# as NAME STATUS WORDS…: NAME calls coffrectl.
as() {
  local name=$1 wanted=$2 quoted='' word
  shift 2
  for word in "$@"; do
    [[ $word == *[[:space:]]* ]] && word="'$word'"
    quoted+=" $word"
  done
  printf '   %s $ coffrectl%s\n' "$name" "${quoted//"$place/"/}"
  expect "$wanted" "$coffrectl" --user "$name" --password-fd 3 "$@" 3< <(password "$name")
}

# json NAME WORDS…: the same, silently, for what the story needs to go on.
json() {
  local name=$1
  shift
  "$coffrectl" --user "$name" --password-fd 3 --json "$@" 3< <(password "$name")
}

# field EXPRESSION: of the JSON on standard input.
field() { python3 -c 'import json, sys; value = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"; }

# hire CHIEF NAME ROLE: an account with a first password, which the person replaces at once.
hire() {
  local chief=$1 name=$2 role=$3
  printf '   %s $ coffrectl user add %s --role %s\n' "$chief" "'$name'" "$role"
  expect 0 "$coffrectl" --user "$chief" --password-fd 3 user add "$name" --role "$role" \
    --new-password-fd 4 3< <(password "$chief") 4< <(first_password "$name")
  printf '   %s $ coffrectl user password\n' "$name"
  expect 0 "$coffrectl" --user "$name" --password-fd 3 user password --new-password-fd 4 \
    3< <(first_password "$name") 4< <(password "$name")
}

# approve READER: compares and approves what waits.
approve() {
  local reader=$1 user compartment key
  json "$reader" grant list | python3 -c 'import json, sys
for grant in json.load(sys.stdin):
    if grant["state"] == "waiting":
        print(grant["user"], grant["compartment"], grant["key_id"], sep="\t")' >"$place/grants"
  while IFS=$'\t' read -r user compartment key; do
    as "$reader" 0 grant approve "$user" "$compartment" --key-id "$key"
  done <"$place/grants"
}

owner='Anne Morel'
secretary='Sylvie Blanc'
billing='Bruno Petit'
administrator='Denis Roux'
doctor='Claire Lenoir'
officer='Paul Girard'

# ---- The day

title 'Le coffre'
say "Le docteur $owner ouvre son cabinet et crée le coffre : un seul fichier chiffré."
say '(Pour aller vite, cette visite abaisse le coût des mots de passe : --kdf-memory 64.)'
printf "   %s \$ coffrectl init cabinet.coffre --owner '%s'\n" "$owner" "$owner"
expect 0 "$coffrectl" init "$COFFRE_VAULT" --owner "$owner" --practice 'Cabinet du Parc' \
  --kdf-memory 64 --password-fd 3 3< <(password "$owner")

title "L’équipe"
say "Chacun reçoit un premier mot de passe, puis choisit le sien, que personne d’autre ne connaît."
hire "$owner" "$secretary" secretary
hire "$owner" "$billing" billing
hire "$owner" "$administrator" administrator
hire "$owner" "$officer" privacy-officer
approve "$owner"

title "Gérer les comptes n’est pas lire les dossiers"
say "$administrator gère les comptes, sans lire les dossiers. Il crée celui de $doctor, médecin."
hire "$administrator" "$doctor" practitioner
say "Le compte a le rôle de médecin, mais il ne lit encore rien : un lecteur doit l’approuver."
as "$administrator" 4 grant approve "$doctor" medical
say "$owner compare l’empreinte de la clé avec $doctor, puis approuve."
approve "$owner"
as "$owner" 0 user list

title 'Le courrier du matin'
say "$secretary numérise le courrier et le dépose."
"$samples" "$place/numerisation" 6
"$samples" "$place/secretariat" 2
patient=$(json "$secretary" patient add --last Durand --first Zoé --born 1957-03-28 | field 'value["id"]')
as "$secretary" 0 patient list dur
as "$secretary" 0 import "$place/numerisation" --patient "$patient" --compartment medical --type courrier
as "$secretary" 0 import "$place/secretariat" --patient "$patient" --compartment administrative

title "Chacun voit ce que son rôle permet, et rien d’autre"
say "$secretary a déposé les courriers médicaux ; elle ne peut pas les relire."
as "$secretary" 0 list
document=$(json "$doctor" list --compartment medical | field 'value[0]["id"]')
as "$secretary" 4 show "$document"
say "$billing, à la facturation, ne voit pas même qu’ils existent."
as "$billing" 0 list
as "$billing" 4 export "$document" --to "$place/volé.pdf" --reason curiosité
as "$billing" 0 list --compartment medical
say "$administrator ne lit rien."
as "$administrator" 0 list
say "$doctor lit tout le dossier."
as "$doctor" 0 list

title 'Une copie pour un confrère'
say "$doctor exporte un document, en disant pourquoi et pour qui ; c’est inscrit au journal d’abord."
as "$doctor" 0 export "$document" --to "$place/copie" --reason 'avis demandé' --recipient 'Dr Vasseur'
# The vault must give back the very bytes that were scanned.
same=''
for scan in "$place"/numerisation/*; do
  cmp -s "$scan" "$place/copie" && same=${scan##*/}
done
[[ -n $same ]] || { echo 'tour.sh: the copy is none of the scans' >&2; exit 1; }
say "La copie est identique, octet pour octet, à $same."
say "Une copie n’en écrase jamais une autre :"
as "$doctor" 1 export "$document" --to "$place/copie" --reason 'encore une fois'

title 'Un départ'
say "$billing quitte le cabinet. $owner le retire ; le coffre dit ce qu’il pouvait lire."
cp "$COFFRE_VAULT" "$place/copie-du-matin.coffre"
as "$owner" 0 user remove "$billing"
as "$billing" 3 list

title 'Le journal'
say "$doctor n’a pas à lire le journal ; $officer, délégué à la protection des données, si."
as "$doctor" 4 journal show
say "$officer demande qui a touché au document que $doctor a exporté."
as "$officer" 0 journal show --object "$document"

title "Quelqu’un touche au fichier"
say "Un seul bit est inversé, au milieu d’une copie du coffre."
python3 - "$COFFRE_VAULT" "$place/abîmé.coffre" "$document" <<'PYTHON'
import sqlite3, shutil, sys
original, target, document = sys.argv[1:]
shutil.copy(original, target)
# In the content of a stored document: the longest extent is far from any free space.
base = sqlite3.connect(f"file:{original}?mode=ro&immutable=1", uri=True)
longest = max((row[0] for row in base.execute("SELECT bytes FROM extents")), key=len)
base.close()
with open(target, "r+b") as file:
    data = file.read()
    needle = longest[100:132]
    at = data.index(needle)
    file.seek(at)
    file.write(bytes([needle[0] ^ 1]))
PYTHON
# Another workstation's memory: what is done to the copy is no part of the practice's day.
cp -r "$place/poste" "$place/autre-poste"
COFFRE_STATE_DIR=$place/autre-poste as "$owner" 5 --vault "$place/abîmé.coffre" verify --read-data

title "Quelqu’un remet une vieille copie"
say "La copie du matin, d’avant le départ de $billing, est remise à la place du coffre."
cp "$COFFRE_VAULT" "$place/à-jour.coffre"
cp "$place/copie-du-matin.coffre" "$COFFRE_VAULT"
as "$owner" 6 list
cp "$place/à-jour.coffre" "$COFFRE_VAULT"
say 'Le bon fichier est remis en place.'

title 'Le soir'
say "N’importe qui peut vérifier le journal, sans mot de passe."
printf '   $ coffrectl journal verify\n'
expect 0 "$coffrectl" journal verify
as "$owner" 0 verify --read-data
say 'Fin de la première journée.'

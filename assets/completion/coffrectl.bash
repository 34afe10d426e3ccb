# bash completion for coffrectl: commands, options and files. Names that only an unlocked vault
# knows are never completed.

_coffrectl() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local global='--vault --user --password-fd --key-file --json --new-password-fd --help --version'
  local commands='batch compartment delete edit erase export exports grant hold import init journal list open page
    patient retention role setting show user verify
    versions'

  case $previous in
    --vault | --key-file | --new-key-file | --to | --checkpoint | --record | --with)
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      compopt -o filenames
      return
      ;;
    --user | --password-fd | --new-password-fd | --owner | --practice | --kdf-memory | \
      --kdf-passes | --role | --key-id | --right | --like | --last | --first | --born | \
      --patient | --compartment | --type | --title | --date | --reason | --recipient | \
      --since | --object | --page | --width | --keep)
      return
      ;;
  esac

  # The words of the command so far, without options and their values.
  local words=() word skip=0 i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((skip)); then
      skip=0
    elif [[ $word == --json || $word == --help || $word == --version || $word == --read-data ||
      $word == --no-key-file || $word == --destroy-original || $word == --with-helper ||
      $word == --discard || $word == --on-disk || $word == *=* ]]; then
      :
    elif [[ $word == -* ]]; then
      skip=1
    else
      words+=("$word")
    fi
  done

  local options='' names='' files=0
  case "${words[0]} ${words[1]}" in
    ' ') names=$commands ;;
    'user ') names='add disable enable list password remove reset' ;;
    'role ') names='assign define list revoke' ;;
    'compartment ') names='add list rename' ;;
    'setting ') names='list set' ;;
    'setting set') names='lock-after' ;;
    'grant ') names='approve list' ;;
    'hold ') names='add lift list' ;;
    'hold add' | 'hold lift') options='--reason' ;;
    'retention ') names='list set' ;;
    'patient ') names='add edit list' ;;
    'journal ') names='checkpoint show verify' ;;
    'user add') options='--role' ;;
    'user password') options='--new-key-file --no-key-file' ;;
    'role define') options='--right' ;;
    'compartment add') options='--like' ;;
    'grant approve') options='--key-id' ;;
    'patient add' | 'patient edit') options='--last --first --born' ;;
    'journal show') options='--since --object' ;;
    'journal verify') options='--checkpoint' ;;
    'journal checkpoint') options='--to' ;;
    'init '*) options='--owner --practice --kdf-memory --kdf-passes' files=1 ;;
    'import '*) options='--patient --compartment --type --title --date --destroy-original --record' files=1 ;;
    'list '*) options='--patient --compartment' ;;
    'delete '*) options='--reason --record' ;;
    'edit '*) options='--type --title --date --patient --version' ;;
    'erase '*) options='--record --with-helper --discard' files=1 ;;
    'exports ') names='erase list sweep' ;;
    'exports erase') options='--record' ;;
    'export '*) options='--to --reason --recipient --keep --version' ;;
    'open '*) options='--reason --with --on-disk' ;;
    'page '*) options='--page --width --to --reason' ;;
    'verify '*) options='--read-data' ;;
  esac

  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options $global" -- "$current")
  elif ((files)); then
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
    compopt -o filenames
  else
    mapfile -t COMPREPLY < <(compgen -W "$names" -- "$current")
  fi
}

complete -F _coffrectl coffrectl

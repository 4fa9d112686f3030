
# Sessions are completed as directories, and by name those of the default directory; all else as above.
function _slipstream_sessions() {
  local word=$1 path
  local home="${XDG_DATA_HOME:-$HOME/.local/share}/slipstream/sessions"
  if [[ "$word" != */* ]]; then
    for path in "$home/$word"*/; do
      [[ -f "${path}session.json" ]] && printf '%s\n' "${path%/}"
    done
  fi
  compgen -d -- "$word"
}

function _slipstream_complete() {
  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"
  case "${COMP_WORDS[1]}" in
    @COMMANDS@)
      if [[ $COMP_CWORD -ge 2 && "$word" != -* && "$before" != -* ]]; then
        local IFS=$'\n'
        COMPREPLY=($(_slipstream_sessions "$word"))
        type compopt &>/dev/null && compopt -o filenames 2>/dev/null
        return 0
      fi
      ;;
  esac
  _complete_slipstream "$@"
}
complete -F _slipstream_complete slipstream

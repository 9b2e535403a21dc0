# ---------------------------------------------------------------------------
# From here on: how the steps are shown and run. Nothing below is about one cluster.

usage() {
  cat <<'USAGE'
sh fix.sh [--apply] [--from STEP] [--allow-no-undo] [PHASE...]

  PHASE            before, upgrade, after, rollback, or all (the first three, with no look in between)
  (none of these)  prints every command and runs none
  --apply          runs the phases that are named, and stops at the first command that fails; also APPLY=1
  --from STEP      leaves out the steps before this number, such as those that were done already
  --allow-no-undo  also runs steps that cannot be undone; also ALLOW_NO_UNDO=1

It asks nothing. Exit codes: 0 done, 1 a command failed, 2 refused before anything was run, 3 stopped between two hops.
USAGE
}

say() { printf '%s\n' "$*" >&2; }

refuse() {
  say "$*"
  exit 2
}

# What a command is run with: it stops at its first failure, in a pipe too where there is a shell that can tell, and
# echo prints its words as they are (the echo of some shells turns \n inside JSON into a line break).
# shellcheck disable=SC2016
prelude='set -e
echo() { printf "%s\n" "$*"; }
'
inner='sh'
for each in sh bash; do
  if "$each" -c 'set -o pipefail' 2>/dev/null; then
    inner=$each
    prelude="set -o pipefail
$prelude"
    break
  fi
done

note() {
  [ "$mode" != check ] || return 0
  for line in "$@"; do
    tell "# $line"
  done
}

tell() {
  if [ "$mode" = show ]; then printf '%s\n' "$*"; else say "$*"; fi
}

# step NUMBER [--for FINDINGS] [--hop] [--node] [--no-undo] [--not-tried] [--fill NAME]...   the command is what stands on stdin
step() {
  number=$1
  shift
  text=$(cat)
  answers='' undo=1 hop=0 node=0 blanks='' remarks=''
  while [ $# -gt 0 ]; do
    case $1 in
      --for)
        answers=" for #$2"
        shift
        ;;
      --hop) hop=1 ;;
      --node) node=1 remarks="$remarks; for each node, never run from here" ;;
      --no-undo) undo=0 remarks="$remarks; cannot be undone" ;;
      --not-tried) remarks="$remarks; not tried on a real cluster" ;;
      --fill)
        case $text in *"<$2>"*) blanks="$blanks <$2>" ;; esac
        [ -n "$2" ] || blanks="$blanks <...>"
        shift
        ;;
    esac
    shift
  done
  [ "$number" -ge "$from" ] || return 0
  [ -z "$blanks" ] || remarks="$remarks; fill in$blanks"
  "${mode}_step"
}

show_step() {
  printf '# step %s%s%s\n%s\n' "$number" "$answers" "${remarks:+: ${remarks#; }}" "$text"
}

check_step() {
  [ "$node" = 0 ] || return 0
  if [ -n "$blanks" ]; then
    complain "put what belongs there in place of$blanks (meant as it stands? take its --fill away)"
  fi
  case $text in *'***HIDDEN***'*) complain "a secret was left out of this command: put it back, or type it yourself" ;; esac
  case $text in *'�'*) complain "something in this command cannot be shown: look at it, then type it yourself" ;; esac
  if [ "$undo" = 0 ] && [ "$allow" = 0 ]; then
    complain "cannot be undone: say --allow-no-undo to run it"
  fi
}

complain() {
  say "step $number: $1"
  complaints=$((complaints + 1))
}

run_step() {
  say ""
  if [ "$node" = 1 ]; then
    say "# step $number$answers is for each node and was not run from here:"
    say "$text"
    return 0
  fi
  if [ "$hop" = 1 ] && [ "$hopped" = 1 ]; then
    say "step $number goes on to the next version. Scan again, then: sh $name --apply --from $number upgrade"
    exit 3
  fi
  say "# step $number$answers"
  say "$text"
  code=0
  "$inner" -c "$prelude$text" </dev/null || code=$?
  if [ "$code" -ne 0 ]; then
    say "step $number failed with exit code $code; nothing behind it was run."
    say "To try it again and go on: sh $name --apply --from $number $phase"
    say "To go on behind it:        sh $name --apply --from $((number + 1)) $phase"
    exit 1
  fi
  hopped=$hop
}

walk() {
  mode=$1
  hopped=0
  for phase in $phases; do
    [ "$mode" = check ] || tell "# --- $phase ---"
    case $phase in
      before) before ;;
      upgrade) upgrade ;;
      after) after ;;
      rollback) rollback ;;
    esac
  done
}

arguments() {
  apply=${APPLY:-0} allow=${ALLOW_NO_UNDO:-0} from=1 phases=''
  while [ $# -gt 0 ]; do
    case $1 in
      --apply) apply=1 ;;
      --allow-no-undo) allow=1 ;;
      --from)
        [ $# -gt 1 ] || refuse "--from: the number of a step is missing"
        from=$2
        shift
        ;;
      before | upgrade | after | rollback) phases="$phases $1" ;;
      all) phases="$phases before upgrade after" ;;
      -h | --help)
        usage
        exit 0
        ;;
      *) refuse "$1: expected --apply, --from STEP, --allow-no-undo, before, upgrade, after, rollback or all" ;;
    esac
    shift
  done
  case $from in '' | *[!0-9]*) refuse "--from $from: expected the number of a step" ;; esac
  case $apply$allow in *[!01]* | ???*) refuse "APPLY and ALLOW_NO_UNDO: expected 1 or 0" ;; esac
}

main() {
  name=fix.sh
  [ ! -f "$0" ] || name=$0
  arguments "$@"
  if [ "$apply" = 0 ]; then
    phases=${phases:- before upgrade after rollback}
    walk show
    say "Nothing was run. To run one phase: sh $name --apply before"
    exit 0
  fi
  [ -n "$phases" ] || refuse "--apply: say what to run: before, upgrade, after, rollback, or all (the first three)"
  complaints=0
  walk check
  [ "$complaints" = 0 ] || refuse "Nothing was run."
  walk run
  say ""
  say "Done:$phases."
}

main "$@"

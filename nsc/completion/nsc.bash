# bash completion for nsc(1): commands, options, and names from the name server.

# _nsc_names PREFIX OPTION...: the registered names, a line each. Quick and silent: only the host that is typed or configured
# is asked, never the network, and no longer than 2 seconds, a slow resolver included.
_nsc_names() {
    local prefix=$1
    shift
    PYRO_BROADCAST_ADDRS='' PYRO_COMMTIMEOUT=1 timeout 2 nsc "$@" list -- "$prefix" 2>/dev/null |
        sed -n '/^    metadata: {/!s/^\(.*\) --> [^ ]*$/\1/p'
}

# _nsc_offer_names PREFIX OPTION...: quoted as the shell needs it, unless the user has begun with a quote.
_nsc_offer_names() {
    local name
    while IFS= read -r name; do
        [[ $name == "$1"* ]] || continue
        [[ $cur == [\'\"]* ]] || printf -v name %q "$name"
        COMPREPLY+=("$name")
    done < <(_nsc_names "$@")
    __ltrim_colon_completions "$cur"
}

_nsc() {
    local cur prev words cword
    _init_completion -n := || return
    local commands='ping list listmatching lookup register remove removematching setmeta yplookup_all yplookup_any
        listmeta_all listmeta_any locate doctor status backup export import confirm-autoclean'
    local options='--host --port --unixsocket --key --ssl --ssl-cacerts --ssl-clientcert --ssl-clientkey --verbose --json --yes --force
        --dry-run --on-conflict --help --version'

    # What is typed before the word in question, with the simple quotes that one types.
    local -a location=() plain=()
    local i word only_plain=''
    for ((i = 1; i < cword; i++)); do
        word=${words[i]//[\"\'\\]/}
        case $only_plain$word in
            --on-conflict) ((++i)) ;;
            -n | -p | -u | -k | --host | --port | --unixsocket | --key | --ssl-cacerts | --ssl-clientcert | --ssl-clientkey)
                if ((i + 1 < cword)); then location+=("$word" "${words[++i]//[\"\'\\]/}"); fi
                ;;
            -[npuk]?* | --host=* | --port=* | --unixsocket=* | --key=* | --ssl | --ssl-*=*) location+=("$word") ;;
            --) only_plain=' ' ;;
            -?*) ;;
            *) plain+=("$word") ;;
        esac
    done

    if [[ -z $only_plain ]]; then
        case $prev in
            -n | --host) _known_hosts_real -- "$cur" && return ;;
            -u | --unixsocket | --ssl-cacerts | --ssl-clientcert | --ssl-clientkey) _filedir && return ;;
            -p | --port | -k | --key) return ;;
            --on-conflict)
                mapfile -t COMPREPLY < <(compgen -W 'fail skip replace' -- "$cur")
                return
                ;;
        esac
        if [[ $cur == -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
            return
        fi
    fi
    if ((${#plain[@]} == 0)); then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$cur")
        return
    fi
    case ${#plain[@]}:${plain[0]} in
        1:backup | 1:export | 1:import) _filedir ;;
        1:list | 1:lookup | 1:remove | 1:setmeta) _nsc_offer_names "${cur//[\"\'\\]/}" "${location[@]}" ;;
    esac
} && complete -F _nsc nsc

# fish completion for nsc(1): commands, options, and names from the name server.

# Prints what is typed before the word in question: `location` the options that say where the name server is, `plain` the words
# that are no options. A line each.
function __nsc_typed --argument-names what
    set --local typed (commandline --tokenize --cut-at-cursor --current-process)
    set --erase typed[1]
    argparse --ignore-unknown n/host= p/port= u/unixsocket= k/key= ssl ssl-cacerts= ssl-clientcert= ssl-clientkey= v/verbose json yes force dry-run on-conflict= h/help \
        version -- $typed 2>/dev/null
    or return
    switch $what
        case plain
            set --query argv[1]; and printf '%s\n' $argv
        case location
            set --query _flag_host; and printf '%s\n' --host $_flag_host[-1]
            set --query _flag_port; and printf '%s\n' --port $_flag_port[-1]
            set --query _flag_unixsocket; and printf '%s\n' --unixsocket $_flag_unixsocket[-1]
            set --query _flag_key; and printf '%s\n' --key $_flag_key[-1]
            set --query _flag_ssl; and printf '%s\n' --ssl
            set --query _flag_ssl_cacerts; and printf '%s\n' --ssl-cacerts $_flag_ssl_cacerts[-1]
            set --query _flag_ssl_clientcert; and printf '%s\n' --ssl-clientcert $_flag_ssl_clientcert[-1]
            set --query _flag_ssl_clientkey; and printf '%s\n' --ssl-clientkey $_flag_ssl_clientkey[-1]
    end
end

function __nsc_needs_command
    test (count (__nsc_typed plain)) -eq 0
end

function __nsc_needs_file
    set --local plain (__nsc_typed plain)
    test (count $plain) -eq 1; and contains -- $plain[1] backup export import
end

function __nsc_needs_name
    set --local plain (__nsc_typed plain)
    test (count $plain) -eq 1; and contains -- $plain[1] list lookup remove setmeta
end

# The registered names that begin with what is typed. Quick and silent: only the host that is typed or configured is asked, never
# the network, and no longer than 2 seconds, a slow resolver included.
function __nsc_names
    set --local location (__nsc_typed location)
    set --local prefix (commandline --current-token --cut-at-cursor | string unescape)
    PYRO_BROADCAST_ADDRS= PYRO_COMMTIMEOUT=1 timeout 2 nsc $location list -- "$prefix" 2>/dev/null |
        string match --invert '    metadata: {*' | string replace --filter --regex '^(.*) --> [^ ]*$' '$1'
end

complete --command nsc --no-files
complete --command nsc --short-option n --long-option host --exclusive --arguments '(__fish_print_hostnames)' \
    --description 'host of the name server'
complete --command nsc --short-option p --long-option port --exclusive --description 'its port'
complete --command nsc --short-option u --long-option unixsocket --require-parameter --force-files \
    --description 'its Unix socket'
complete --command nsc --short-option k --long-option key --exclusive --description 'HMAC key (others can see it)'
complete --command nsc --long-option ssl --description 'speak TLS'
complete --command nsc --long-option ssl-cacerts --require-parameter --force-files --description 'CAs to trust'
complete --command nsc --long-option ssl-clientcert --require-parameter --force-files --description 'certificate to show'
complete --command nsc --long-option ssl-clientkey --require-parameter --force-files --description 'its private key'
complete --command nsc --short-option v --long-option verbose --description 'tell which name server was found'
complete --command nsc --long-option json --description 'print JSON, for programs'
complete --command nsc --long-option yes --description 'do not ask before removing or confirming'
complete --command nsc --long-option force --description 'overwrite the file'
complete --command nsc --long-option dry-run --description 'only say what would be imported'
complete --command nsc --long-option on-conflict --exclusive --arguments 'fail skip replace' \
    --description 'what to do about names that are taken'
complete --command nsc --short-option h --long-option help --description help
complete --command nsc --long-option version --description 'the version'

complete --command nsc --condition __nsc_needs_command --arguments ping --description 'check that the name server answers'
complete --command nsc --condition __nsc_needs_command --arguments list --description 'list the registrations'
complete --command nsc --condition __nsc_needs_command --arguments listmatching \
    --description 'list those whose name matches a regular expression'
complete --command nsc --condition __nsc_needs_command --arguments lookup \
    --description 'print the URI and the metadata tags of a name'
complete --command nsc --condition __nsc_needs_command --arguments register \
    --description 'register a name that is not taken yet'
complete --command nsc --condition __nsc_needs_command --arguments remove --description 'remove a registration'
complete --command nsc --condition __nsc_needs_command --arguments removematching \
    --description 'remove all whose name matches; asks before'
complete --command nsc --condition __nsc_needs_command --arguments setmeta \
    --description 'replace the metadata tags of a name'
complete --command nsc --condition __nsc_needs_command --arguments yplookup_all \
    --description 'list the registrations that have all of the tags'
complete --command nsc --condition __nsc_needs_command --arguments yplookup_any \
    --description 'list the registrations that have any of the tags'
complete --command nsc --condition __nsc_needs_command --arguments listmeta_all \
    --description "Pyro4's name of yplookup_all"
complete --command nsc --condition __nsc_needs_command --arguments listmeta_any \
    --description "Pyro4's name of yplookup_any"
complete --command nsc --condition __nsc_needs_command --arguments locate \
    --description 'list the name servers that answer from here'
complete --command nsc --condition __nsc_needs_command --arguments doctor \
    --description 'find out why no name server is found, or what is wrong with it'
complete --command nsc --condition __nsc_needs_command --arguments status --description 'print how a hearthd is doing'
complete --command nsc --condition __nsc_needs_command --arguments backup \
    --description "write a hearthd's database into a file, while it runs"
complete --command nsc --condition __nsc_needs_command --arguments export \
    --description 'write all registrations as lines of JSON'
complete --command nsc --condition __nsc_needs_command --arguments import \
    --description 'register what such lines, or a file of a name server, hold'
complete --command nsc --condition __nsc_needs_command --arguments confirm-autoclean \
    --description 'let hearthd remove the names of many locations that fail at once'
complete --command nsc --condition __nsc_needs_file --force-files
complete --command nsc --condition __nsc_needs_name --arguments '(__nsc_names)'

namespace ModelMigrate.Control.Evaluation.Promptfoo.Scripts;

/// <summary>
/// What python3 runs: it reads a case a line, calls the script of the case, and answers with a line. Python has no permission model: an audit hook refuses what
/// reaches out of the folder, which stops mistakes and plain attempts, and not somebody who means it.
/// </summary>
internal static class PythonProgram
{
    public const string Name = "run.py";

    public const string Code = """
        import asyncio, importlib.util, inspect, json, os, sys

        folder = os.path.dirname(os.path.abspath(__file__))
        answers = os.fdopen(os.dup(1), 'w', encoding='utf-8')
        os.dup2(2, 1)
        readable = [os.path.realpath(place) for place in {sys.prefix, sys.base_prefix, sys.exec_prefix, *[p for p in sys.path if p]} if os.path.isdir(place)]
        known = {}
        # What starts python may be a script that sets variables of its own.
        os.environ.clear()


        def within(place, roots):
            return any(place == root or place.startswith(root.rstrip(os.sep) + os.sep) for root in roots)


        def guard(event, given):
            if event == 'open':
                place, mode, flags = given
                if isinstance(place, int):
                    return
                writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
                where = os.path.realpath(os.fsdecode(place))
                if not within(where, [folder] if writes else [folder, *readable]) and where != os.devnull:
                    raise PermissionError('Scripts may not open ' + where)
            elif event != 'socket.__new__' and event.startswith(('subprocess.', 'os.exec', 'os.fork', 'os.posix_spawn', 'os.spawn', 'os.system', 'pty.', 'socket.', 'ctypes.', 'urllib.', 'shutil.')) or event in (
                    'os.remove', 'os.rename', 'os.link', 'os.symlink', 'os.truncate', 'os.chmod', 'os.chown', 'os.mkdir', 'os.rmdir', 'os.kill', 'os.killpg', 'os.putenv', 'os.chdir', 'os.listdir',
                    'os.scandir', 'os.walk', 'resource.setrlimit'):
                place = given[0] if given else None
                if event in ('os.listdir', 'os.scandir', 'os.remove', 'os.mkdir', 'os.rmdir') and isinstance(place, (str, bytes)) and within(
                        os.path.realpath(os.fsdecode(place)), [folder, *readable] if event in ('os.listdir', 'os.scandir') else [folder]):
                    return
                raise PermissionError('Scripts may not do ' + event)


        def call(one):
            key = (one.get('file'), one.get('name'), one.get('code'))
            script = known.get(key)
            if script is None:
                if one.get('file'):
                    spec = importlib.util.spec_from_file_location('script_' + str(len(known)), os.path.join(folder, one['file']))
                    module = importlib.util.module_from_spec(spec)
                    spec.loader.exec_module(module)
                    script = module
                    for part in (one.get('name') or 'get_assert').split('.'):
                        script = getattr(script, part)
                else:
                    code = one['code']
                    if '\n' in code:
                        own = [line[:len(line) - len(line.lstrip())] for line in code.split('\n') if line.strip() and line[0].isspace()]
                        indent = own[0] if own else '    '
                        text = '\n'.join(indent + line for line in code.split('\n'))
                    else:
                        text = '    return ' + code
                    names = {}
                    exec(compile('import json\n\ndef main(output, context):\n' + text + '\n', 'assertion', 'exec'), names)
                    script = names['main']
                known[key] = script
            if inspect.iscoroutinefunction(script):
                return asyncio.run(script(one['output'], one['context']))
            return script(one['output'], one['context'])


        sys.dont_write_bytecode = True
        sys.addaudithook(guard)
        for line in sys.stdin:
            one = json.loads(line)
            answer = {'case': one['case']}
            try:
                answer['value'] = True if one.get('ready') else call(one)
                text = json.dumps(answer, allow_nan=False)
            except BaseException as error:
                text = json.dumps({'case': one['case'], 'error': type(error).__name__ + ': ' + str(error)})
            answers.write(text + '\n')
            answers.flush()
        """;
}

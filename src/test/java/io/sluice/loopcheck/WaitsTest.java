package io.sluice.loopcheck;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documented commands that may wait for ever, and the same with what bounds them. */
class WaitsTest {

    private static void warns(String name, String line) {
        assertThat(Checked.script(name, line).found()).as(line).containsExactly("1 wait-without-timeout");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "curl http://host",
                "wget http://host",
                "nc host 80",
                "ncat host 80",
                "netcat host 80",
                "ssh host true",
                "scp a host:b",
                "sftp host",
                "rsync -a a host:b",
                "telnet host",
                "ping host",
                "tail -f log",
                "tail -F log",
                "tail -n 5 --follow=name log",
                "journalctl -f",
                "dmesg -w",
                "watch date",
                "inotifywait file",
                "flock 9",
                "mosquitto_sub -t a",
                "sleep infinity",
                "docker wait a",
                "docker logs -f a",
                "docker attach a",
                "docker events",
                "podman wait a",
                "docker-compose logs -f",
                "docker compose logs --follow",
                "kubectl wait pod/a --for=delete",
                "kubectl rollout status deploy/a",
                "kubectl logs -f a",
                "kubectl get pods --watch",
                "kubectl -n a attach b",
                "kubectl port-forward a 80",
                "oc rollout status a",
                "gh run watch 1",
                "wait",
                "wait $pid",
                "read -p 'Go on? ' a",
                "read a </dev/tty",
                "sudo curl http://host",
                "env A=b curl http://host",
                "x=$(curl http://host)",
                "if curl -s http://host; then a; fi",
                "/usr/bin/curl http://host",
                "a && curl http://host",
                "echo a | nc host 80",
                "timeout 0 curl http://host"
            })
    void ofTheShell(String line) {
        warns("a.sh", line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "curl -m 5 http://host",
                "curl --max-time 5 http://host",
                "curl --version",
                "timeout 5 curl http://host",
                "timeout -k 1 5s curl http://host",
                "wget -T 5 http://host",
                "nc -w 5 host 80",
                "ssh -o ConnectTimeout=5 host",
                "ssh -V",
                "rsync -a a b",
                "rsync --timeout=5 a host:b",
                "ping -c 3 host",
                "tail log",
                "tail --pid=1 -f log",
                "journalctl -u a",
                "inotifywait -t 5 file",
                "flock -n 9",
                "flock -w 5 9",
                "sleep 5",
                "docker logs a",
                "docker run a",
                "kubectl wait pod/a --for=delete --timeout=5s",
                "kubectl rollout status a --timeout=5m",
                "kubectl get pods",
                "read -t 5 -p 'Go on? ' a",
                "echo a | read b",
                "read a < file",
                "timeout 5 a & wait",
                "echo curl http://host",
                "command -v curl",
                "# curl http://host",
                "curl() { a; }; curl http://host",
                "while read -r a; do b; done < file",
                "sudo timeout 9 ssh host"
            })
    void ofTheShellBounded(String line) {
        Checked.script("a.sh", line).passes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Invoke-WebRequest http://host",
                "$a = Invoke-RestMethod -Uri http://host",
                "Wait-Job $a",
                "Wait-Process -Id 1",
                "Wait-Event a",
                "Start-Process a -Wait",
                "Receive-Job $a -Wait",
                "Restart-Computer a -Wait",
                "Get-Content a -Wait",
                "$a = Read-Host 'Go on?'",
                "$p.WaitForExit()",
                "$h.WaitOne()",
                "$t.Wait()",
                "$t.GetAwaiter().GetResult()",
                "$s.WaitForStatus('Running')",
                "$l.AcceptTcpClient()",
                "[Console]::ReadKey()",
                "[Console]::ReadLine()",
                "curl.exe http://host",
                "kubectl rollout status deploy/a",
                "a | Wait-Job",
                "pause"
            })
    void ofPowerShell(String line) {
        warns("a.ps1", line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Invoke-WebRequest http://host -TimeoutSec 5",
                "Wait-Job $a -Timeout 5",
                "$p.WaitForExit(5000)",
                "$h.WaitOne(5)",
                "$s.WaitForStatus('Running', '00:00:05')",
                "Start-Process a",
                "Get-Content a",
                "curl.exe -m 5 http://host",
                "'Wait-Job'",
                "# Wait-Job",
                "$p = @{ TimeoutSec = 5 }; Invoke-RestMethod @p"
            })
    void ofPowerShellBounded(String line) {
        Checked.script("a.ps1", line).passes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pause",
                "set /p a=Go on?",
                "choice /c yn",
                "waitfor a",
                "start /wait a",
                "ping -t host",
                "timeout /t -1",
                "curl http://host",
                "ssh host true",
                "if exist a pause",
                "a & pause"
            })
    void ofCmd(String line) {
        warns("a.cmd", line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "choice /c yn /t 5 /d y",
                "waitfor a /t 5",
                "start a",
                "ping -n 3 host",
                "timeout /t 5",
                "set a=b",
                "set /p a=<file",
                "curl -m 5 http://host",
                "rem pause",
                "echo pause",
                ":: pause"
            })
    void ofCmdBounded(String line) {
        Checked.script("a.cmd", line).passes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import subprocess; subprocess.run(['a'])",
                "import subprocess as s; s.check_output(['a'])",
                "from subprocess import call; call(['a'])",
                "p.communicate()",
                "p.wait()",
                "t.join()",
                "lock.acquire()",
                "work_queue.get()",
                "future.result()",
                "import requests; requests.post('http://host', data={})",
                "import requests; requests.Session().get('a') if requests.get('b') else 0",
                "from urllib.request import urlopen; urlopen(a)",
                "import socket; socket.create_connection((a, 80))",
                "import http.client; http.client.HTTPConnection('a')",
                "import smtplib; smtplib.SMTP('a')",
                "import ftplib; ftplib.FTP('a')",
                "import asyncio; asyncio.wait(tasks)",
                "import select; select.select([a], [], [])",
                "import os; os.waitpid(1, 0)",
                "import signal; signal.pause()",
                "a = input('Go on?')"
            })
    void ofPython(String line) {
        warns("a.py", line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import subprocess; subprocess.run(['a'], timeout=5)",
                "p.communicate(timeout=5)",
                "p.wait(5)",
                "t.join(5)",
                "','.join(a)",
                "lock.acquire(timeout=5)",
                "lock.acquire(False)",
                "work_queue.get(timeout=5)",
                "a.get('b')",
                "config.get()",
                "import requests; requests.get('http://host', timeout=5)",
                "import requests; requests.get(a, **options)",
                "from urllib.request import urlopen; urlopen(a, None, 5)",
                "import socket; socket.create_connection((a, 80), 5)",
                "import select; select.select([a], [], [], 5)",
                "import os; os.waitpid(1, os.WNOHANG)",
                "await asyncio.wait_for(p.wait(), 5)",
                "'subprocess.run()'",
                "# input()"
            })
    void ofPythonBounded(String line) {
        Checked.script("a.py", line).passes();
    }

    @Test
    void itSaysWhatWouldBoundIt() {
        Finding finding =
                Checked.script("a.sh", "curl http://host").report().findings().get(0);
        assertThat(finding.message()).isEqualTo("curl may wait for ever: it has no time-out (H11 violation)");
        assertThat(finding.remedy()).isEqualTo("Add --max-time SECONDS (-m).");
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
    }
}

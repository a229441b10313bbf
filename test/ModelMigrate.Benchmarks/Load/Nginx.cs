namespace ModelMigrate.Benchmarks.Load;

/// <summary>nginx as a plain reverse proxy with one worker and kept connections.</summary>
internal static class Nginx
{
    public static Task<Peer> StartAsync(int port, int upstream, string folder)
    {
        var file = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(file,
            $$"""
            worker_processes 1;
            daemon off;
            pid {{folder}}/nginx.pid;
            error_log stderr warn;
            events { worker_connections 1024; }
            http {
              access_log off;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
              upstream model { server 127.0.0.1:{{upstream}}; keepalive 64; }
              server {
                listen 127.0.0.1:{{port}};
                location / { proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection ""; }
              }
            }
            """);
        return Peer.StartAsync("nginx", port, "nginx", ["-c", file, "-e", "stderr"]);
    }
}

# The nodes, for the sample of nginx: sed -f nodes.sed tamroi.conf. One that serves other addresses has three other lines here.
/^    server 127\.0\.0\.1:8080 /{
    c\
    server 10.0.0.1:8080 max_fails=2 fail_timeout=2s;\
    server 10.0.0.2:8080 max_fails=2 fail_timeout=2s;\
    server 10.0.0.3:8080 max_fails=2 fail_timeout=2s;
}

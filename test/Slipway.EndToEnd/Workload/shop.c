// The program in the images that the tests ship: a small HTTP server that is decent to its clients.
//
//   VERSION        what it answers with
//   PORT           where it listens; 8080
//   CRASH          it ends at once
//   ERROR_PERCENT  so many of a hundred requests are answered with 500, evenly spread; also from the file /error-percent of the image
//   START_MS       it listens only after that
//   DRAIN_MS       after SIGTERM it serves on for that long, asking clients to leave, before it closes its door; a proxy hears late
//
// GET /metrics tells how many requests were answered how, in Prometheus' text format; neither it nor /healthz is counted.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CLIENTS = 1000, MAX_REQUEST = 4096, LAST_WORDS_MS = 2000 };

struct client { int length; char request[MAX_REQUEST]; };

static struct pollfd sockets[MAX_CLIENTS + 1]; // the first one is the door
static struct client *clients[MAX_CLIENTS + 1];
static int count = 1;
static volatile sig_atomic_t asked_to_end;
static const char *version;
static long error_percent, good, bad;

static void end(int signal) { (void)signal; asked_to_end = 1; }

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static long number(const char *name)
{
    const char *text = getenv(name);
    return text == NULL ? 0 : atol(text);
}

static void read_error_percent(void)
{
    FILE *file = fopen("/error-percent", "r");
    error_percent = number("ERROR_PERCENT");
    if (file != NULL) {
        if (fscanf(file, "%ld", &error_percent) != 1)
            error_percent = 0;
        fclose(file);
    }
}

static int open_door(void)
{
    int reuse = 1, door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(number("PORT") > 0 ? number("PORT") : 8080) };
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
    if (bind(door, (struct sockaddr *)&any, sizeof any) == 0 && listen(door, 1024) == 0)
        return door;
    perror("cannot listen");
    exit(1);
}

static void drop(int i)
{
    close(sockets[i].fd);
    free(clients[i]);
    count--;
    sockets[i] = sockets[count];
    clients[i] = clients[count];
}

// Everybody who has come, as long as there is room.
static void let_in(void)
{
    while (count <= MAX_CLIENTS) {
        int one = 1, client = accept4(sockets[0].fd, NULL, NULL, SOCK_NONBLOCK);
        if (client < 0)
            return;
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        sockets[count] = (struct pollfd){ .fd = client, .events = POLLIN };
        clients[count++] = calloc(1, sizeof(struct client));
    }
}

// An answer is smaller than any socket's buffer, so it is written whole or the client has gone.
static int answer(int fd, int status, const char *type, const char *body, int keep)
{
    char text[1024];
    int length = snprintf(text, sizeof text, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nConnection: %s\r\nContent-Length: %zu\r\n\r\n%s",
        status, status == 200 ? "OK" : "Internal Server Error", type, keep ? "keep-alive" : "close", strlen(body), body);
    return write(fd, text, length) == length && keep;
}

static int serve(int fd, const char *request)
{
    int keep = !asked_to_end && strcasestr(request, "connection: close") == NULL && strstr(request, "HTTP/1.0\r\n") == NULL;
    if (strncmp(request, "GET /metrics ", 13) == 0) {
        char body[400];
        snprintf(body, sizeof body, "# HELP requests_total Requests that were answered.\n# TYPE requests_total counter\n"
            "requests_total{code=\"200\"} %ld\nrequests_total{code=\"500\"} %ld\n", good, bad);
        return answer(fd, 200, "text/plain; version=0.0.4", body, keep);
    }
    if (strncmp(request, "GET /healthz ", 13) == 0)
        return answer(fd, 200, "text/plain", "ok", keep);
    long before = good + bad;
    if ((before + 1) * error_percent / 100 > before * error_percent / 100) {
        bad++;
        return answer(fd, 500, "text/plain", version, keep);
    }
    good++;
    return answer(fd, 200, "text/plain", version, keep);
}

static int hear(int i)
{
    struct client *client = clients[i];
    ssize_t got = read(sockets[i].fd, client->request + client->length, MAX_REQUEST - 1 - client->length);
    if (got <= 0)
        return got < 0 && (errno == EAGAIN || errno == EINTR);
    client->length += got;
    client->request[client->length] = 0;
    for (char *rest; (rest = strstr(client->request, "\r\n\r\n")) != NULL;) {
        if (!serve(sockets[i].fd, client->request))
            return 0;
        client->length -= rest + 4 - client->request;
        memmove(client->request, rest + 4, client->length + 1);
    }
    return client->length < MAX_REQUEST - 1;
}

// Until the instant, or without clients from then on.
static void work(long long until)
{
    while (!asked_to_end || now_ms() < until) {
        if (poll(sockets, count, 50) < 0)
            continue;
        for (int i = count - 1; i > 0; i--)
            if (sockets[i].revents != 0 && !hear(i))
                drop(i);
        if (sockets[0].revents != 0)
            let_in();
        if (asked_to_end && until == 0)
            return;
    }
}

int main(void)
{
    version = getenv("VERSION") == NULL ? "" : getenv("VERSION");
    if (getenv("CRASH") != NULL) {
        fprintf(stderr, "version %s cannot start\n", version);
        return 1;
    }

    signal(SIGTERM, end);
    signal(SIGINT, end);
    signal(SIGPIPE, SIG_IGN);
    read_error_percent();
    usleep(number("START_MS") * 1000);
    sockets[0] = (struct pollfd){ .fd = open_door(), .events = POLLIN };
    work(0);
    work(now_ms() + number("DRAIN_MS"));

    // Who stood before the door when it closed is still let in, and who is inside is heard once more.
    let_in();
    close(sockets[0].fd);
    sockets[0].fd = -1;
    sockets[0].revents = 0;
    if (number("DRAIN_MS") > 0)
        for (long long until = now_ms() + LAST_WORDS_MS; count > 1 && now_ms() < until;) {
            poll(sockets, count, 50);
            for (int i = count - 1; i > 0; i--)
                if (sockets[i].revents != 0 && !hear(i))
                    drop(i);
        }
    return 0;
}

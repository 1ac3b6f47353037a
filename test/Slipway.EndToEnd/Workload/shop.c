// The program in the images that the tests ship: it answers every request with its version, or ends at once where it is told to.
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void stop(int signal) { (void)signal; _exit(0); }

int main(void)
{
    const char *version = getenv("VERSION");
    if (getenv("CRASH") != NULL) {
        fprintf(stderr, "version %s cannot start\n", version == NULL ? "?" : version);
        return 1;
    }

    signal(SIGTERM, stop);
    signal(SIGINT, stop);
    signal(SIGPIPE, SIG_IGN);
    int reuse = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(8080) };
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
    if (bind(listener, (struct sockaddr *)&any, sizeof any) != 0 || listen(listener, 64) != 0) {
        perror("cannot listen on port 8080");
        return 1;
    }

    for (;;) {
        char request[2048], answer[256];
        int client = accept(listener, NULL, NULL);
        if (client < 0)
            continue;
        if (read(client, request, sizeof request) > 0) {
            int length = snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
                version == NULL ? 0 : strlen(version), version == NULL ? "" : version);
            if (write(client, answer, length) < 0)
                perror("cannot answer");
        }
        close(client);
    }
}

/*
 * Does the work of the benchmarks with libical, and prints the seconds it took.
 *
 *   libical text FILE TIMES                  parse the file's text, and write it again
 *   libical expand DTSTART ZONE RULE COUNT TIMES  the first COUNT instances as seconds since 1970; ZONE may be "UTC"
 */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) exit(2);
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *text = malloc(size + 1);
  if (!text || fread(text, 1, size, file) != (size_t)size) exit(2);
  text[size] = 0;
  fclose(file);
  return text;
}

static double bench_text(const char *path, int times) {
  char *text = read_file(path);
  double began = now();
  for (int i = 0; i < times; i++) {
    icalcomponent *calendar = icalparser_parse_string(text);
    char *written = icalcomponent_as_ical_string_r(calendar);
    if (strlen(written) < strlen(text) / 2) exit(3);
    free(written);
    icalcomponent_free(calendar);
  }
  return now() - began;
}

static double bench_expand(const char *begin, const char *name, const char *text, int count, int times) {
  icaltimezone *zone =
      strcmp(name, "UTC") == 0 ? icaltimezone_get_utc_timezone() : icaltimezone_get_builtin_timezone(name);
  struct icaltimetype start = icaltime_from_string(begin);
  start.zone = zone;
  struct icalrecurrencetype rule = icalrecurrencetype_from_string(text);
  long long sum = 0;
  double began = now();
  for (int i = 0; i < times; i++) {
    icalrecur_iterator *iterator = icalrecur_iterator_new(rule, start);
    for (int j = 0; j < count; j++) {
      struct icaltimetype next = icalrecur_iterator_next(iterator);
      if (icaltime_is_null_time(next)) exit(3);
      sum += icaltime_as_timet_with_zone(next, zone);
    }
    icalrecur_iterator_free(iterator);
  }
  double took = now() - began;
  if (sum == 0) exit(3);
  return took;
}

int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], "text") == 0) {
    printf("%.9f\n", bench_text(argv[2], atoi(argv[3])));
    return 0;
  }
  if (argc == 7 && strcmp(argv[1], "expand") == 0) {
    printf("%.9f\n", bench_expand(argv[2], argv[3], argv[4], atoi(argv[5]), atoi(argv[6])));
    return 0;
  }
  fprintf(stderr, "usage: libical text FILE TIMES | libical expand DTSTART ZONE RULE COUNT TIMES\n");
  return 2;
}

/*
 * Prints every quote of a queue, then those that come, asleep in between. Ctrl-C ends it.
 *
 *     subscriber quotes            from the oldest on
 *     subscriber quotes NAME       where a subscriber of this name left off
 */
#include <slipstream.hpp>

#include <example/Quote.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iomanip>
#include <iostream>

namespace {

volatile std::sig_atomic_t stopped = 0;

void print(const slipstream::Message &message) {
  example::Quote quote = message.wrap<example::Quote>();
  const double price = quote.price();
  const std::int64_t quantity = quote.quantity();
  const char *side = example::Side::c_str(quote.side());
  // Variable data is read in the schema's order, after the fields.
  std::cout << message.timestamp() << ' ' << std::setw(8) << quote.getSymbolAsStringView() << ' ' << side << ' ' << quantity
            << " at " << price << '\n';
}

} // namespace

int main(int argc, char **argv) {
  if (argc < 2) {
    std::cerr << "usage: " << argv[0] << " QUEUE [NAME]\n";
    return 2;
  }
  std::signal(SIGINT, [](int) { stopped = 1; });
  std::signal(SIGTERM, [](int) { stopped = 1; });
  try {
    slipstream::Queue queue(slipstream::Options(argv[1]).existing());
    slipstream::Subscriber subscriber = argc > 2 ? queue.subscriber(argv[2]) : queue.subscriber();
    subscriber.filter<example::Quote>();
    while (stopped == 0) {
      if (subscriber.wait(std::chrono::milliseconds(100))) {
        subscriber.poll(print);
        std::cout.flush();
      }
    }
  } catch (const std::exception &e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
  }
}

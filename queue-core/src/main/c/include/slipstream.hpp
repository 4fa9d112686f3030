/*
 * Slipstream for C++17: the whole of slipstream.h, in classes that close what they open.
 *
 *     slipstream::Queue queue(slipstream::Options("quotes"));
 *     queue.add_schema_file("example-schema.sbeir");
 *
 *     slipstream::Publisher publisher = queue.publisher();
 *     publisher.publish<example::Quote>([](example::Quote &quote) {
 *       quote.price(101.5).quantity(200).side(example::Side::BUY).putSymbol(std::string_view("ACME"));
 *     });
 *
 *     slipstream::Subscriber subscriber = queue.subscriber();
 *     while (subscriber.wait()) {
 *       for (const slipstream::Message &message : subscriber.available()) {
 *         if (message.is<example::Quote>()) {
 *           std::cout << message.wrap<example::Quote>().price() << '\n';
 *         }
 *       }
 *     }
 *
 * Messages are described in SBE; `SbeTool -Dsbe.target.language=CPP` makes the classes that Encoder and Decoder stand for here.
 *
 * Errors: what slipstream.h returns as a negative code is thrown as slipstream::error. What an encoder, a decoder or a handler
 * throws passes through, and leaves the queue as it was before.
 *
 * Threads: as in slipstream.h. A queue may be shared by threads; a publisher or a subscriber belongs to one at a time.
 * Publishers and subscribers keep their queue open, so that the order in which they are destroyed does not matter.
 */
#ifndef SLIPSTREAM_HPP
#define SLIPSTREAM_HPP

#include "slipstream.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace slipstream {

/* What a call could not do. what() names the file, the reason and the remedy. */
class error : public std::runtime_error {
public:
  explicit error(const ss_error &cause)
      : std::runtime_error(cause.message[0] != '\0' ? cause.message : ss_strerror(cause.code)), code_(cause.code),
        os_error_(cause.os_error) {}

  error(int code, const std::string &message) : std::runtime_error(message), code_(code), os_error_(0) {}

  /* An ss_code, such as SS_ERR_NO_SPACE. */
  int code() const noexcept { return code_; }

  /* errno of the system call that failed, or 0. */
  int os_error() const noexcept { return os_error_; }

private:
  int code_;
  int os_error_;
};

/* Bytes that belong to somebody else. */
struct bytes_view {
  const std::byte *data = nullptr;
  std::size_t size = 0;

  bytes_view() = default;
  bytes_view(const void *bytes, std::size_t length) noexcept : data(static_cast<const std::byte *>(bytes)), size(length) {}

  const std::byte *begin() const noexcept { return data; }
  const std::byte *end() const noexcept { return data + size; }
  bool empty() const noexcept { return size == 0; }

  /* As ss_publish_batch takes them. */
  operator ss_bytes() const noexcept { return {data, size}; }
};

namespace detail {

/* Writes the 8-byte SBE message header of an encoder, little-endian. */
template <class Encoder>
void write_header(std::byte *header) noexcept {
  const std::uint16_t fields[] = {
      Encoder::sbeBlockLength(), Encoder::sbeTemplateId(), Encoder::sbeSchemaId(), Encoder::sbeSchemaVersion()};
  for (const std::uint16_t field : fields) {
    *header++ = static_cast<std::byte>(field & 0xFF);
    *header++ = static_cast<std::byte>(field >> 8);
  }
}

/* A length of time in ns, 0 if it is negative; what is too long for ns becomes the longest that is not. */
template <class Rep, class Period>
std::int64_t nanoseconds(std::chrono::duration<Rep, Period> time) noexcept {
  using std::chrono::nanoseconds;
  using Seconds = std::chrono::duration<long double>;
  if (!(time > time.zero())) {
    return 0;
  }
  return Seconds(time) >= Seconds(nanoseconds::max()) ? std::numeric_limits<std::int64_t>::max()
                                                      : std::chrono::duration_cast<nanoseconds>(time).count();
}

} // namespace detail

/* Settings of a queue; every one has a default but the directory. ss_queue_options says what each means. */
class Options {
public:
  explicit Options(std::string directory) : directory_(std::move(directory)) { ss_queue_options_init(&options_); }

  /* Fails where there is no queue, in place of creating one. */
  Options &existing() { return mode(SS_OPEN_EXISTING); }

  /* For subscribers alone; never writes to the directory. */
  Options &read_only() { return mode(SS_READ_ONLY); }

  Options &mode(ss_open_mode mode) {
    options_.mode = mode;
    return *this;
  }

  Options &roll_cycle(std::string name) {
    roll_cycle_ = std::move(name);
    return *this;
  }

  Options &block_size(std::uint32_t bytes) {
    options_.block_size = bytes;
    return *this;
  }

  Options &source_id(std::uint16_t id) {
    options_.source_id = id;
    return *this;
  }

  template <class Rep, class Period>
  Options &lock_timeout(std::chrono::duration<Rep, Period> time) {
    options_.lock_timeout_ns = detail::nanoseconds(time);
    return *this;
  }

  template <class Rep, class Period>
  Options &open_timeout(std::chrono::duration<Rep, Period> time) {
    options_.open_timeout_ns = detail::nanoseconds(time);
    return *this;
  }

  template <class Rep, class Period>
  Options &foreign_interval(std::chrono::duration<Rep, Period> time) {
    options_.foreign_interval_ns = detail::nanoseconds(time);
    return *this;
  }

  Options &populate(std::uint32_t bytes) {
    options_.populate_bytes = bytes;
    return *this;
  }

  /* Stamps messages, in ns since the Unix epoch; called by any thread that publishes, and must not throw. */
  Options &clock(std::function<std::int64_t()> clock) {
    clock_ = std::move(clock);
    return *this;
  }

private:
  friend class Queue;

  std::string directory_;
  std::string roll_cycle_;
  std::function<std::int64_t()> clock_;
  ss_queue_options options_{};
};

/* One message, in place in the mapped file: valid until its subscriber's next call. */
class Message {
public:
  explicit Message(const ss_message &message) noexcept : message_(message) {}

  /* Greater than that of every message before it. */
  std::int64_t position() const noexcept { return message_.position; }

  /* When it was published, in ns since the Unix epoch. */
  std::int64_t timestamp() const noexcept { return message_.timestamp; }

  /* The same as the system clock's time. */
  std::chrono::system_clock::time_point time() const noexcept {
    using std::chrono::system_clock;
    return system_clock::time_point(
        std::chrono::duration_cast<system_clock::duration>(std::chrono::nanoseconds(message_.timestamp)));
  }

  /* Who published it. */
  std::uint16_t source_id() const noexcept { return message_.source_id; }

  std::uint16_t schema_id() const noexcept { return message_.schema_id; }
  std::uint16_t template_id() const noexcept { return message_.template_id; }

  /* Version of the schema that it was encoded with; an older or newer decoder reads what both know. */
  std::uint16_t version() const noexcept { return message_.version; }
  std::uint16_t block_length() const noexcept { return message_.block_length; }

  /* The SBE body, 8-byte aligned. */
  bytes_view body() const noexcept { return {message_.body, message_.length}; }

  /* SBE message header and body, as Publisher::publish takes them. */
  bytes_view encoded() const noexcept {
    return {
        static_cast<const std::byte *>(message_.body) - SS_MESSAGE_HEADER_LENGTH,
        std::size_t{message_.length} + SS_MESSAGE_HEADER_LENGTH};
  }

  /* Whether it is of the decoder's schema and template. */
  template <class Decoder>
  bool is() const noexcept {
    return message_.schema_id == Decoder::sbeSchemaId() && message_.template_id == Decoder::sbeTemplateId();
  }

  /*
   * A decoder of the message, in place: copies nothing, and is valid as long as the message.
   * Throws slipstream::error (SS_ERR_ARGUMENT) if it is another message, std::runtime_error if it is too short.
   */
  template <class Decoder>
  Decoder wrap() const {
    if (!is<Decoder>()) {
      throw error(
          SS_ERR_ARGUMENT, "message " + std::to_string(message_.template_id) + " of schema " +
                               std::to_string(message_.schema_id) + " is not the decoder's: ask Message::is first");
    }
    Decoder decoder;
    // SBE's decoders read through char *, and write nothing.
    decoder.wrapForDecode(
        static_cast<char *>(const_cast<void *>(message_.body)), 0, message_.block_length, message_.version,
        message_.length);
    return decoder;
  }

  /* As slipstream.h has it. */
  const ss_message &raw() const noexcept { return message_; }

private:
  ss_message message_;
};

/*
 * Room for a message in the mapped file, and the queue's write lock: no other publisher, in any process, can append until it is
 * committed or aborted. Its destructor aborts it. Valid as long as its publisher.
 */
class Claim {
public:
  Claim(const Claim &) = delete;
  Claim &operator=(const Claim &) = delete;

  Claim(Claim &&other) noexcept
      : publisher_(std::exchange(other.publisher_, nullptr)), message_(other.message_), length_(other.length_) {}

  Claim &operator=(Claim &&other) noexcept {
    if (this != &other) {
      abandon();
      publisher_ = std::exchange(other.publisher_, nullptr);
      message_ = other.message_;
      length_ = other.length_;
    }
    return *this;
  }

  ~Claim() { abandon(); }

  /* Where the 8-byte SBE message header goes, then the body. */
  std::byte *data() const noexcept { return message_; }

  /* Bytes of the body at the most. */
  std::size_t length() const noexcept { return length_; }

  /* Writes the message header and returns an encoder of the body. */
  template <class Encoder>
  Encoder encoder() const {
    detail::write_header<Encoder>(message_);
    Encoder encoder;
    encoder.wrapForEncode(reinterpret_cast<char *>(message_ + SS_MESSAGE_HEADER_LENGTH), 0, length_);
    return encoder;
  }

  /* Publishes the message; returns its position. length: bytes of the body that are used. */
  std::int64_t commit(std::size_t length) {
    ss_publisher *publisher = take();
    std::int64_t position = SS_NO_POSITION;
    if (ss_commit(publisher, length, &position) != SS_OK) {
      throw error(*ss_publisher_error(publisher));
    }
    return position;
  }

  /* Publishes what an encoder has encoded. */
  template <class Encoder, class = decltype(std::declval<const Encoder &>().encodedLength())>
  std::int64_t commit(const Encoder &encoder) {
    return commit(static_cast<std::size_t>(encoder.encodedLength()));
  }

  /* Gives the room back; nothing was published. */
  void abort() {
    ss_publisher *publisher = take();
    if (ss_abort(publisher) != SS_OK) {
      throw error(*ss_publisher_error(publisher));
    }
  }

private:
  friend class Publisher;

  Claim(ss_publisher *publisher, void *message, std::size_t length) noexcept
      : publisher_(publisher), message_(static_cast<std::byte *>(message)), length_(length) {}

  ss_publisher *take() {
    if (publisher_ == nullptr) {
      throw error(SS_ERR_CLAIM, "this claim was committed, aborted or moved from already");
    }
    return std::exchange(publisher_, nullptr);
  }

  void abandon() noexcept {
    if (publisher_ != nullptr) {
      ss_abort(std::exchange(publisher_, nullptr));
    }
  }

  ss_publisher *publisher_;
  std::byte *message_;
  std::size_t length_;
};

/* Appends messages to a queue; Queue::publisher makes it. */
class Publisher {
public:
  /*
   * Encodes a message into this publisher's own buffer and publishes it; the write lock is held for the copy alone.
   *
   * encode: called with an Encoder &.
   * Returns the message's position. What encode throws passes through, and nothing was published.
   */
  template <class Encoder, class Encode>
  std::int64_t publish(Encode &&encode, std::int64_t timestamp = SS_NOW) {
    if (!buffer_) {
      // Pages that no message reaches are never touched, and take no memory.
      capacity_ = ss_queue_max_length(queue_.get());
      buffer_.reset(new std::byte[SS_MESSAGE_HEADER_LENGTH + capacity_]);
    }
    detail::write_header<Encoder>(buffer_.get());
    Encoder encoder;
    encoder.wrapForEncode(reinterpret_cast<char *>(buffer_.get() + SS_MESSAGE_HEADER_LENGTH), 0, capacity_);
    std::forward<Encode>(encode)(encoder);
    return publish(
        bytes_view(buffer_.get(), SS_MESSAGE_HEADER_LENGTH + static_cast<std::size_t>(encoder.encodedLength())), timestamp);
  }

  /* Publishes a message that is encoded already: the 8-byte SBE message header, then the body. Returns its position. */
  std::int64_t publish(bytes_view message, std::int64_t timestamp = SS_NOW) {
    std::int64_t position = SS_NO_POSITION;
    check(ss_publish(handle_.get(), message.data, message.size, timestamp, &position));
    return position;
  }

  /*
   * Publishes several messages under one hold of the write lock.
   *
   * Returns how many were published: fewer than count if one could not be, and last_error says why. Throws if none was.
   */
  std::size_t publish_batch(const ss_bytes *messages, std::size_t count, std::int64_t timestamp = SS_NOW) {
    return static_cast<std::size_t>(check(ss_publish_batch(handle_.get(), messages, count, timestamp, nullptr)));
  }

  /* Takes the write lock and room in the mapped file for a body of at most length bytes. */
  Claim claim(std::size_t length) {
    void *message = nullptr;
    check(ss_claim(handle_.get(), length, &message));
    return Claim(handle_.get(), message, length);
  }

  /*
   * Encodes straight into the mapped file, holding the write lock meanwhile: for encoders that are quick.
   *
   * length: bytes of the body at the most.
   * encode: called with an Encoder &. If it throws, the claim is aborted.
   */
  template <class Encoder, class Encode>
  std::int64_t publish_in_place(std::size_t length, Encode &&encode) {
    Claim room = claim(length);
    Encoder encoder = room.encoder<Encoder>();
    std::forward<Encode>(encode)(encoder);
    return room.commit(encoder);
  }

  /* Prepares the next bytes of the file, so that the messages to come meet no page fault. */
  void pretouch(std::size_t length) { check(ss_publisher_pretouch(handle_.get(), length)); }

  ss_publisher_stats stats() const noexcept {
    ss_publisher_stats stats{};
    ss_publisher_get_stats(handle_.get(), &stats);
    return stats;
  }

  const ss_error &last_error() const noexcept { return *ss_publisher_error(handle_.get()); }

  /* As slipstream.h has it. */
  ss_publisher *handle() const noexcept { return handle_.get(); }

private:
  friend class Queue;

  struct Close {
    void operator()(ss_publisher *publisher) const noexcept { ss_publisher_close(publisher); }
  };

  Publisher(std::shared_ptr<ss_queue> queue, ss_publisher *handle) noexcept : queue_(std::move(queue)), handle_(handle) {}

  std::int64_t check(std::int64_t code) const {
    if (code < 0) {
      throw error(last_error());
    }
    return code;
  }

  std::shared_ptr<ss_queue> queue_; // closed after the handle
  std::unique_ptr<ss_publisher, Close> handle_;
  std::unique_ptr<std::byte[]> buffer_;
  std::size_t capacity_ = 0;
};

/* Reads the messages of a queue; Queue::subscriber makes it. */
class Subscriber {
public:
  /* The messages that are there already, as an input range: for (const Message &message : subscriber.available()). */
  class Available {
  public:
    struct End {};

    class Iterator {
    public:
      using iterator_category = std::input_iterator_tag;
      using value_type = Message;
      using difference_type = std::ptrdiff_t;
      using pointer = const Message *;
      using reference = const Message &;

      explicit Iterator(Subscriber &subscriber) : subscriber_(&subscriber), message_(subscriber.next()) {}

      const Message &operator*() const noexcept { return *message_; }
      const Message *operator->() const noexcept { return &*message_; }

      Iterator &operator++() {
        message_ = subscriber_->next();
        return *this;
      }

      void operator++(int) { ++*this; }

      friend bool operator==(const Iterator &iterator, End) noexcept { return !iterator.message_; }
      friend bool operator!=(const Iterator &iterator, End) noexcept { return iterator.message_.has_value(); }

    private:
      Subscriber *subscriber_;
      std::optional<Message> message_;
    };

    Iterator begin() const { return Iterator(*subscriber_); }
    End end() const noexcept { return {}; }

  private:
    friend class Subscriber;

    explicit Available(Subscriber &subscriber) noexcept : subscriber_(&subscriber) {}

    Subscriber *subscriber_;
  };

  /* The next message that the filter accepts, if there is one; never waits. */
  std::optional<Message> next() {
    ss_message message;
    return check(ss_next(handle_.get(), &message)) != 0 ? std::optional<Message>(Message(message)) : std::nullopt;
  }

  /* Ends at the end of the queue, without waiting. Each message is valid until the next. */
  Available available() noexcept { return Available(*this); }

  /*
   * Hands over messages that are there already; never waits.
   *
   * handler: called with a const Message &. Returns nothing, or true to go on and false to stop: that message comes again. So
   *          does a message whose handler throws; what it throws passes through.
   * limit:   of messages to move past, whether handled, filtered out or foreign.
   * Returns how many it moved past, 0 at the end of the queue.
   */
  template <class Handler>
  std::size_t poll(Handler &&handler, std::size_t limit = std::numeric_limits<std::size_t>::max()) {
    Call<std::remove_reference_t<Handler>> call{&handler, nullptr};
    const std::int64_t passed = ss_poll(handle_.get(), &call.invoke, &call, limit);
    if (call.thrown) {
      std::rethrow_exception(call.thrown);
    }
    return static_cast<std::size_t>(check(passed));
  }

  /*
   * Waits for the next document, asleep: costs no processor time.
   *
   * time: at the most; not positive to look only.
   * Returns true if there is something to read, false after that time.
   */
  template <class Rep, class Period>
  bool wait(std::chrono::duration<Rep, Period> time) {
    return check(ss_wait(handle_.get(), detail::nanoseconds(time))) != 0;
  }

  /* Waits with no limit, or until Queue::wake. Returns true if there is something to read. */
  bool wait() { return check(ss_wait(handle_.get(), -1)) != 0; }

  /* Says that the last message was handled; only durable subscribers need it. */
  void done() noexcept { ss_subscriber_done(handle_.get()); }

  /* Moves before the oldest message that the queue still has. */
  Subscriber &to_start() {
    check(ss_to_start(handle_.get()));
    return *this;
  }

  /* Moves behind the newest message. */
  Subscriber &to_end() {
    check(ss_to_end(handle_.get()));
    return *this;
  }

  /* Moves to a message, so that it is the next; throws SS_ERR_NO_MESSAGE if it is not there. */
  Subscriber &to_position(std::int64_t position) {
    check(ss_to_position(handle_.get(), position));
    return *this;
  }

  /* Moves to the first message that is not older than a time, in ns since the Unix epoch. */
  Subscriber &to_time(std::int64_t timestamp) {
    check(ss_to_time(handle_.get(), timestamp));
    return *this;
  }

  Subscriber &to_time(std::chrono::system_clock::time_point time) {
    return to_time(std::int64_t{std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count()});
  }

  /* Position of the next message, there or still to come. */
  std::int64_t position() const noexcept { return ss_subscriber_position(handle_.get()); }

  /* Whether this durable subscriber found a position to resume from. */
  bool resumed() const noexcept { return ss_subscriber_resumed(handle_.get()) == 1; }

  /* From now on hands over these messages of one schema alone: subscriber.filter<example::Quote, example::Request>(). */
  template <class Decoder, class... Decoders>
  Subscriber &filter() {
    static_assert(((Decoder::sbeSchemaId() == Decoders::sbeSchemaId()) && ...), "messages of one schema");
    const std::uint16_t templates[] = {Decoder::sbeTemplateId(), Decoders::sbeTemplateId()...};
    return filter(Decoder::sbeSchemaId(), SS_ANY, templates, 1 + sizeof...(Decoders));
  }

  /* The same for a source, schemas and templates by their numbers; see ss_subscriber_filter. */
  Subscriber &filter(int schema_id, int source_id, const std::uint16_t *template_ids, std::size_t count) {
    check(ss_subscriber_filter(handle_.get(), schema_id, source_id, template_ids, count));
    return *this;
  }

  ss_subscriber_stats stats() const noexcept {
    ss_subscriber_stats stats{};
    ss_subscriber_get_stats(handle_.get(), &stats);
    return stats;
  }

  const ss_error &last_error() const noexcept { return *ss_subscriber_error(handle_.get()); }

  /* As slipstream.h has it. */
  ss_subscriber *handle() const noexcept { return handle_.get(); }

private:
  friend class Queue;

  struct Close {
    void operator()(ss_subscriber *subscriber) const noexcept { ss_subscriber_close(subscriber); }
  };

  /* One poll: no exception may pass through the C library, so that it waits here until that has returned. */
  template <class Handler>
  struct Call {
    Handler *handler;
    std::exception_ptr thrown;

    static int invoke(void *context, const ss_message *raw) noexcept {
      Call &call = *static_cast<Call *>(context);
      try {
        const Message message(*raw);
        if constexpr (std::is_void_v<std::invoke_result_t<Handler &, const Message &>>) {
          std::invoke(*call.handler, message);
          return 0;
        } else {
          return std::invoke(*call.handler, message) ? 0 : 1;
        }
      } catch (...) {
        call.thrown = std::current_exception();
        return 1;
      }
    }
  };

  Subscriber(std::shared_ptr<ss_queue> queue, ss_subscriber *handle) noexcept : queue_(std::move(queue)), handle_(handle) {}

  std::int64_t check(std::int64_t code) const {
    if (code < 0) {
      throw error(last_error());
    }
    return code;
  }

  std::shared_ptr<ss_queue> queue_; // closed after the handle
  std::unique_ptr<ss_subscriber, Close> handle_;
};

/* A queue: a directory of files that any number of processes write and read at the same time. */
class Queue {
public:
  /* Opens or creates it. */
  explicit Queue(const Options &options) {
    ss_queue_options raw = options.options_;
    raw.directory = options.directory_.c_str();
    raw.roll_cycle = options.roll_cycle_.empty() ? raw.roll_cycle : options.roll_cycle_.c_str();
    std::shared_ptr<std::function<std::int64_t()>> clock;
    if (options.clock_) {
      clock = std::make_shared<std::function<std::int64_t()>>(options.clock_);
      raw.clock = [](void *context) noexcept { return (*static_cast<std::function<std::int64_t()> *>(context))(); };
      raw.clock_context = clock.get();
    }
    ss_queue *handle = nullptr;
    ss_error cause;
    if (ss_queue_open(&raw, &handle, &cause) != SS_OK) {
      throw error(cause);
    }
    handle_.reset(handle, [clock](ss_queue *queue) { ss_queue_close(queue); });
  }

  explicit Queue(std::string directory) : Queue(Options(std::move(directory))) {}

  Queue(const Queue &) = delete;
  Queue &operator=(const Queue &) = delete;
  Queue(Queue &&) noexcept = default;
  Queue &operator=(Queue &&) noexcept = default;

  /* Keeps a schema with the queue, in SBE's binary IR; messages can be published only if theirs is there. */
  void add_schema(bytes_view ir) { check(ss_queue_add_schema(handle_.get(), ir.data, ir.size)); }

  /* The same for a file that holds the IR. */
  void add_schema_file(const std::string &path) { check(ss_queue_add_schema_file(handle_.get(), path.c_str())); }

  Publisher publisher() {
    ss_publisher *publisher = nullptr;
    check(ss_publisher_open(handle_.get(), &publisher));
    return Publisher(handle_, publisher);
  }

  /* A subscriber at the start of the queue. */
  Subscriber subscriber() { return open_subscriber(nullptr); }

  /* A durable subscriber, where its namesake left off, in C or in Java. */
  Subscriber subscriber(const std::string &name) { return open_subscriber(name.c_str()); }

  /* Longest SBE body that fits a message, in bytes. */
  std::size_t max_length() const noexcept { return ss_queue_max_length(handle_.get()); }

  std::string roll_cycle() const { return ss_queue_roll_cycle(handle_.get()); }

  /* Position of the oldest message that the queue still has. */
  std::optional<std::int64_t> first_position() const {
    std::int64_t position = SS_NO_POSITION;
    check(ss_queue_first_position(handle_.get(), &position));
    return optional(position);
  }

  /* Position of the newest message. Not for hot paths: this may scan. */
  std::optional<std::int64_t> last_position() const {
    std::int64_t position = SS_NO_POSITION;
    check(ss_queue_last_position(handle_.get(), &position));
    return optional(position);
  }

  /* Deletes the oldest files that no reader needs; see ss_queue_prune. */
  ss_pruned prune(const ss_retention &limits) {
    ss_pruned pruned{};
    check(ss_queue_prune(handle_.get(), &limits, &pruned));
    return pruned;
  }

  ss_queue_stats stats() const {
    ss_queue_stats stats{};
    check(ss_queue_get_stats(handle_.get(), &stats));
    return stats;
  }

  /* Wakes everybody who waits on this queue, in any process, to look again. */
  void wake() noexcept { ss_queue_wake(handle_.get()); }

  /* As slipstream.h has it. */
  ss_queue *handle() const noexcept { return handle_.get(); }

private:
  Subscriber open_subscriber(const char *name) {
    ss_subscriber *subscriber = nullptr;
    check(ss_subscriber_open(handle_.get(), name, &subscriber));
    return Subscriber(handle_, subscriber);
  }

  static std::optional<std::int64_t> optional(std::int64_t position) {
    return position == SS_NO_POSITION ? std::nullopt : std::optional<std::int64_t>(position);
  }

  void check(int code) const {
    if (code < 0) {
      ss_error cause;
      ss_queue_error(handle_.get(), &cause);
      // Another thread's call may have failed in between.
      throw cause.code == code ? error(cause) : error(code, ss_strerror(code));
    }
  }

  std::shared_ptr<ss_queue> handle_;
};

/*
 * A lock in memory that processes share, see ss_lock; std::lock_guard and std::unique_lock take it. One owner: not reentrant,
 * and two of them exclude each other. Its destructor releases it.
 */
class Lock {
public:
  /* memory: SS_LOCK_LENGTH bytes at an address that is a multiple of 8, mapped as long as this lives. */
  explicit Lock(void *memory) {
    if (ss_lock_init(&lock_, memory) != SS_OK) {
      throw error(SS_ERR_ARGUMENT, "a lock needs 16 bytes at an address that is a multiple of 8");
    }
  }

  Lock(const Lock &) = delete;
  Lock &operator=(const Lock &) = delete;

  ~Lock() { ss_lock_release(&lock_); }

  /* Acquires it, as long as that takes. Throws if it is held already. */
  void lock() { acquire(-1); }

  /* Acquires it if nobody has it. */
  bool try_lock() { return acquire(0); }

  /* Acquires it within a time. */
  template <class Rep, class Period>
  bool try_lock_for(std::chrono::duration<Rep, Period> time) {
    return acquire(detail::nanoseconds(time));
  }

  /* Releases it. False if it was no longer this one's: taken away, and what it protects perhaps changed meanwhile. */
  bool unlock() noexcept { return ss_lock_release(&lock_) == SS_OK; }

  /* Whether what it protects may be half written, as of the last acquisition: its owner died, or it was broken. */
  bool recovered() const noexcept { return lock_.recovered != 0; }

  /* Pid of the process that has it, or 0. */
  std::int32_t owner() const noexcept { return ss_lock_owner(&lock_); }

  /* Takes it away from whoever has it; false if it was free. */
  bool break_lock() noexcept { return ss_lock_break(&lock_) == 1; }

  /* As slipstream.h has it. */
  ss_lock *handle() noexcept { return &lock_; }

private:
  bool acquire(std::int64_t timeout_ns) {
    const int result = ss_lock_acquire(&lock_, timeout_ns);
    if (result < 0 && result != SS_ERR_TIMEOUT) {
      throw error(result, "this lock is held already, and is not reentrant");
    }
    return result >= 0;
  }

  ss_lock lock_{};
};

/* One message of an exchange, in place in shared memory: valid until its exchange's next call but sending. */
class ExchangeMessage {
public:
  explicit ExchangeMessage(const ss_exchange_message &message) noexcept : message_(message) {}

  /* Whether it is a text; if not, it is an SBE message. */
  bool is_text() const noexcept { return message_.type == SS_EXCHANGE_TEXT; }

  /* The text, in UTF-8. */
  std::string_view text() const noexcept { return {static_cast<const char *>(message_.data), message_.length}; }

  /* The text, or SBE message header and body. */
  bytes_view data() const noexcept { return {message_.data, message_.length}; }

  /* Greater than that of every message before it. */
  std::int64_t position() const noexcept { return message_.position; }

  /* Pid of the sender, as he says. */
  std::int32_t sender() const noexcept { return message_.sender; }

  /* Whether it is of the decoder's schema and template. */
  template <class Decoder>
  bool is() const noexcept {
    return !is_text() && message_.schema_id == Decoder::sbeSchemaId() && message_.template_id == Decoder::sbeTemplateId();
  }

  /*
   * A decoder of the message, in place.
   * Throws slipstream::error (SS_ERR_ARGUMENT) if it is another message, std::runtime_error if it is too short.
   */
  template <class Decoder>
  Decoder wrap() const {
    if (!is<Decoder>()) {
      throw error(SS_ERR_ARGUMENT, "this message is not the decoder's: ask ExchangeMessage::is first");
    }
    Decoder decoder;
    // SBE's decoders read through char *, and write nothing.
    decoder.wrapForDecode(
        static_cast<char *>(const_cast<void *>(message_.data)) + SS_MESSAGE_HEADER_LENGTH, 0, message_.block_length,
        message_.version, message_.length - SS_MESSAGE_HEADER_LENGTH);
    return decoder;
  }

  /* As slipstream.h has it. */
  const ss_exchange_message &raw() const noexcept { return message_; }

private:
  ss_exchange_message message_;
};

/* Texts and typed messages between up to 16 programs through one block of shared memory, see ss_exchange. For one thread. */
class Exchange {
public:
  /* Attaches to the exchange in a POSIX segment, or makes it; length 0: it must be there. */
  explicit Exchange(const std::string &name, std::size_t length = 0) {
    ss_exchange *handle = nullptr;
    ss_error cause;
    if (ss_exchange_open(name.c_str(), length, &handle, &cause) != SS_OK) {
      throw error(cause);
    }
    handle_.reset(handle);
  }

  /* Attaches to the exchange in memory that the caller has mapped, or makes it in memory that is zero. */
  Exchange(void *memory, std::size_t length) {
    ss_exchange *handle = nullptr;
    ss_error cause;
    if (ss_exchange_over(memory, length, &handle, &cause) != SS_OK) {
      throw error(cause);
    }
    handle_.reset(handle);
  }

  /* Sends a text; false if there was no room in time, or none can come: the message taken last stands in the way. */
  template <class Rep, class Period>
  bool send_text(std::string_view text, std::chrono::duration<Rep, Period> timeout) {
    return sent(ss_exchange_send_text(handle_.get(), text.data(), text.size(), detail::nanoseconds(timeout)));
  }

  /*
   * Sends a text, however long it has to wait for room.
   * Throws slipstream::error (SS_ERR_TIMEOUT) if the message taken last stands in the way: call next or wait first.
   */
  void send_text(std::string_view text) { check(ss_exchange_send_text(handle_.get(), text.data(), text.size(), -1)); }

  /* Sends a typed message, the 8-byte SBE message header, then the body; as send_text does. */
  template <class Rep, class Period>
  bool send(bytes_view message, std::chrono::duration<Rep, Period> timeout) {
    return sent(ss_exchange_send(handle_.get(), message.data, message.size, detail::nanoseconds(timeout)));
  }

  void send(bytes_view message) { check(ss_exchange_send(handle_.get(), message.data, message.size, -1)); }

  /* The next message, if there is one; never waits. */
  std::optional<ExchangeMessage> next() {
    ss_exchange_message message;
    return check(ss_exchange_next(handle_.get(), &message)) == 1 ? std::optional<ExchangeMessage>(message) : std::nullopt;
  }

  /* Waits for a message, asleep; false after the time-out. */
  template <class Rep, class Period>
  bool wait(std::chrono::duration<Rep, Period> timeout) {
    return check(ss_exchange_wait(handle_.get(), detail::nanoseconds(timeout))) == 1;
  }

  /* Waits for a message, asleep, as long as that takes. */
  void wait() { check(ss_exchange_wait(handle_.get(), -1)); }

  /* The latest text that anybody has sent. */
  std::optional<std::string> text() {
    std::string text(ss_exchange_max_length(handle_.get()) + 1, '\0');
    const std::int64_t length = ss_exchange_text(handle_.get(), &text[0], text.size());
    if (length == SS_ERR_NO_MESSAGE) {
      return std::nullopt;
    }
    text.resize(static_cast<std::size_t>(check(length)));
    return text;
  }

  /* A number that rises with every message that anybody sends. */
  std::int64_t changes() const noexcept { return ss_exchange_changes(handle_.get()); }

  /* How many programs are attached, this one included. */
  int attached() const noexcept { return ss_exchange_attached(handle_.get()); }

  std::size_t max_length() const noexcept { return ss_exchange_max_length(handle_.get()); }

  /* From now on this program receives nothing, so that nobody waits for it to read. */
  void send_only() { check(ss_exchange_send_only(handle_.get())); }

  const ss_error &last_error() const noexcept { return *ss_exchange_error(handle_.get()); }

  /* As slipstream.h has it. */
  ss_exchange *handle() const noexcept { return handle_.get(); }

private:
  struct Close {
    void operator()(ss_exchange *exchange) const noexcept { ss_exchange_close(exchange); }
  };

  bool sent(int result) const { return result != SS_ERR_TIMEOUT && check(result) == SS_OK; }

  std::int64_t check(std::int64_t code) const {
    if (code < 0) {
      throw error(last_error());
    }
    return code;
  }

  std::unique_ptr<ss_exchange, Close> handle_;
};

} // namespace slipstream

#endif

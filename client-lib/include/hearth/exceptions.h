/// The library's errors as C++ exceptions, for programs that prefer those: or_throw(result) gives the value or throws.
///
/// Layer: client-lib, public.        Thread rule: plain values.
/// The library's own functions never throw but for those that say so (Proxy::call and its kind): they report through
/// ClientResult.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <hearth/api.h>
#include <hearth/client_error.h>

namespace HEARTH_API hearth {

/// The other side raised an exception. what() is its class and text: "ZeroDivisionError: division by zero".
class RemoteError : public std::runtime_error {
 public:
  /// `error` has an exception.
  explicit RemoteError(ClientError error)
      : std::runtime_error(error.text), error_(std::make_shared<const ClientError>(std::move(error))) {}

  /// "builtins.ZeroDivisionError", "mymodule.MyError"; Pyro's own without their module: "NamingError".
  [[nodiscard]] const std::string& type() const noexcept { return error_->exception->type; }
  /// What the exception was made with; most often its text only.
  [[nodiscard]] const std::vector<Value>& args() const noexcept { return error_->exception->args; }
  /// The lines of the other side's traceback, each with its line end; empty if it tells none.
  [[nodiscard]] const std::vector<std::string>& traceback() const noexcept { return error_->exception->traceback; }

  /// `remote`, or one of the name server's refusals: `unknown_name`, `name_taken`.
  [[nodiscard]] ClientErrorKind kind() const noexcept { return error_->kind; }
  [[nodiscard]] const ClientError& error() const noexcept { return *error_; }

 private:
  std::shared_ptr<const ClientError> error_;  ///< shared, because copying an exception must not throw
};

/// Any other failure: nobody there, no answer in time, an answer of another form. kind() says what to do about it.
class ClientException : public std::runtime_error {
 public:
  explicit ClientException(ClientError error)
      : std::runtime_error(error.text), error_(std::make_shared<const ClientError>(std::move(error))) {}

  [[nodiscard]] ClientErrorKind kind() const noexcept { return error_->kind; }
  [[nodiscard]] const ClientError& error() const noexcept { return *error_; }

 private:
  std::shared_ptr<const ClientError> error_;
};

[[noreturn]] inline void throw_error(ClientError error) {
  if (error.exception) throw RemoteError(std::move(error));
  throw ClientException(std::move(error));
}

/// The value; throws RemoteError or ClientException if there is none.
template <class T>
T or_throw(ClientResult<T> result) {
  if (!result) throw_error(std::move(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace hearth

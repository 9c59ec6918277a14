const rule = (value: object) => ({ options: {}, parsedOptions: [{ '(google.api.http)': value }] });

/** A small service with the field kinds and HTTP rules that transcoding has to know. */
export const shelfProtos = {
  nested: {
    google: {
      nested: {
        protobuf: {
          nested: {
            Any: { fields: { type_url: { type: 'string', id: 1 }, value: { type: 'bytes', id: 2 } } },
            Empty: { fields: {} },
            FieldMask: { fields: { paths: { rule: 'repeated', type: 'string', id: 1 } } },
            Timestamp: { fields: { seconds: { type: 'int64', id: 1 }, nanos: { type: 'int32', id: 2 } } },
            Duration: { fields: { seconds: { type: 'int64', id: 1 }, nanos: { type: 'int32', id: 2 } } },
          },
        },
      },
    },
    shelf: {
      nested: {
        Colour: { values: { COLOUR_UNSPECIFIED: 0, RED: 1 } },
        Book: {
          fields: {
            name: { type: 'string', id: 1 },
            pageCount: { type: 'int64', id: 2 },
            cover: { type: 'bytes', id: 3 },
            printedAt: { type: 'google.protobuf.Timestamp', id: 4 },
            colour: { type: 'Colour', id: 5 },
            tags: { rule: 'repeated', type: 'string', id: 6 },
            labels: { keyType: 'string', type: 'string', id: 7 },
            extra: { type: 'google.protobuf.Any', id: 8 },
            loanTime: { type: 'google.protobuf.Duration', id: 9 },
          },
        },
        UpdateBookRequest: {
          fields: { book: { type: 'Book', id: 1 }, updateMask: { type: 'google.protobuf.FieldMask', id: 2 } },
        },
        GetBookRequest: {
          fields: {
            name: { type: 'string', id: 1 },
            pageSize: { type: 'int32', id: 2 },
            filter: { type: 'Book', id: 3 },
            full: { type: 'bool', id: 4 },
          },
        },
        Library: {
          methods: {
            GetBook: {
              requestType: 'GetBookRequest',
              responseType: 'Book',
              ...rule({ get: '/v1/{name=shelves/*/books/*}', additional_bindings: { get: '/v1/{name=books/*}' } }),
            },
            UpdateBook: {
              requestType: 'UpdateBookRequest',
              responseType: 'Book',
              ...rule({ patch: '/v1/{book.name=shelves/*/books/*}', body: 'book' }),
            },
            SellBook: {
              requestType: 'Book',
              responseType: 'google.protobuf.Empty',
              ...rule({ post: '/v1/{name=shelves/*/books/*}:sell', body: '*' }),
            },
            BurnBook: {
              requestType: 'Book',
              responseType: 'google.protobuf.Empty',
              ...rule({ delete: '/v1/{name=shelves/*/books/*}' }),
            },
          },
        },
      },
    },
  },
};

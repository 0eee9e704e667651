// Short names for the box's shapes, which docs/openapi.json defines and `npm run types` turns into api.d.ts.

import type { components } from './api'

type Schemas = components['schemas']

export type Restaurant = Schemas['Restaurant']
export type Menu = Schemas['MenuResponse']
export type Category = Schemas['MenuCategory']
export type Dish = Schemas['MenuDish']
export type Variation = Schemas['MenuVariation']
export type GuestSession = Schemas['GuestSession']
export type GuestOrder = Schemas['GuestOrder']
export type GuestOrderItem = Schemas['GuestOrderItem']
export type GuestOrderRequest = Schemas['GuestOrderCreate']
export type OrderItemRequest = Schemas['OrderItemCreate']
export type OrderRequest = Schemas['OrderCreate']
export type Order = Schemas['Order']
export type OrderWithItems = Schemas['OrderWithDetails']
export type OrderItem = Schemas['OrderItemWithDish']
export type OrderStatus = Schemas['OrderStatus']
export type Table = Schemas['Table']
export type Room = Schemas['Location']
export type PaymentMethod = Schemas['PaymentMethod']
export type KitchenItem = Schemas['KitchenOrderItem']
export type Department = Schemas['KitchenDepartment']
export type ItemStatus = Schemas['OrderItemStatus']
export type UserRole = Schemas['UserRole']
export type StaffName = Schemas['UserPublic']
